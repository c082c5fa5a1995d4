#include "plugin/rating_words.hpp"

namespace cell::plugin {

namespace {

struct Sentence {
  const char* en;
  const char* de;
  const char* ru;
  const char* fr;
};

// "%" stands for the list.
const std::map<std::string, Sentence> kSentences{
    {"in_process",
     {"Runs inside the cell's own program", "Läuft innerhalb des Programms der Zelle",
      "Работает внутри программы ячейки", "S’exécute dans le programme même de la cellule"}},
    {"isolated",
     {"Runs code of its own, shut off from the cell", "Führt eigenen Code aus, abgeschottet von der Zelle",
      "Выполняет собственный код, отделённый от ячейки", "Exécute son propre code, isolé de la cellule"}},
    {"containers",
     {"Runs programs in containers of its own", "Führt Programme in eigenen Containern aus",
      "Запускает программы в собственных контейнерах", "Exécute des programmes dans ses propres conteneurs"}},
    {"ports.public",
     {"Opens to the internet: %", "Öffnet zum Internet: %", "Открывает для интернета: %",
      "Ouvre à Internet : %"}},
    {"ports.lan",
     {"Opens to the home network: %", "Öffnet zum Heimnetz: %", "Открывает для домашней сети: %",
      "Ouvre au réseau domestique : %"}},
    {"ports.vpn",
     {"Opens to your devices: %", "Öffnet für Ihre Geräte: %", "Открывает для ваших устройств: %",
      "Ouvre à vos appareils : %"}},
    {"hosts",
     {"Has web addresses of its own: %", "Hat eigene Webadressen: %", "Имеет собственные веб-адреса: %",
      "A ses propres adresses web : %"}},
    {"dns",
     {"Adds DNS records to the cell's domain", "Fügt der Domain der Zelle DNS-Einträge hinzu",
      "Добавляет DNS-записи в домен ячейки", "Ajoute des enregistrements DNS au domaine de la cellule"}},
    {"accounts",
     {"Has an account for each person and checks their app passwords",
      "Hat ein Konto für jede Person und prüft deren App-Passwörter",
      "Имеет учётную запись для каждого человека и проверяет пароли приложений",
      "A un compte pour chaque personne et vérifie ses mots de passe d’application"}},
    {"people",
     {"Sees the names of the people of the cell", "Sieht die Namen der Personen der Zelle",
      "Видит имена людей ячейки", "Voit les noms des personnes de la cellule"}},
    {"peers",
     {"Sees the devices of the cell", "Sieht die Geräte der Zelle", "Видит устройства ячейки",
      "Voit les appareils de la cellule"}},
    {"exits",
     {"Carries the internet traffic of the devices that you send through it",
      "Leitet den Internetverkehr der Geräte, die Sie darüber schicken",
      "Пропускает через себя интернет-трафик устройств, которые вы через него направите",
      "Achemine le trafic Internet des appareils que vous faites passer par lui"}},
    {"http",
     {"Talks to servers on the internet: %", "Spricht mit Servern im Internet: %",
      "Обращается к серверам в интернете: %", "Communique avec des serveurs sur Internet : %"}},
    {"exec",
     {"Runs commands in its own containers", "Führt Befehle in seinen eigenen Containern aus",
      "Выполняет команды в собственных контейнерах", "Exécute des commandes dans ses propres conteneurs"}},
    {"events",
     {"Sends messages to the web interface", "Sendet Meldungen an die Weboberfläche",
      "Отправляет сообщения в веб-интерфейс", "Envoie des messages à l’interface web"}},
    {"capabilities.network",
     {"May change networks or watch programs inside its containers: %",
      "Darf in seinen Containern Netzwerke ändern oder Programme beobachten: %",
      "Может менять сети или наблюдать за программами внутри своих контейнеров: %",
      "Peut modifier les réseaux ou observer les programmes dans ses conteneurs : %"}},
    {"capabilities",
     {"Has extra rights inside its containers: %", "Hat in seinen Containern zusätzliche Rechte: %",
      "Имеет дополнительные права внутри своих контейнеров: %",
      "A des droits supplémentaires dans ses conteneurs : %"}},
    {"devices",
     {"Uses devices of the machine: %", "Benutzt Geräte des Rechners: %",
      "Использует устройства компьютера: %", "Utilise des périphériques de la machine : %"}},
    {"root",
     {"Runs as root inside its containers", "Läuft in seinen Containern als root",
      "Работает с правами root внутри своих контейнеров", "S’exécute en tant que root dans ses conteneurs"}},
};

std::string filled(std::string sentence, const std::string& list) {
  const auto mark = sentence.find('%');
  return mark == std::string::npos ? sentence : sentence.replace(mark, 1, list);
}

}  // namespace

Text words_for(const std::string& key, const std::string& list) {
  const Sentence& sentence = kSentences.at(key);
  return {{"en", filled(sentence.en, list)},
          {"de", filled(sentence.de, list)},
          {"ru", filled(sentence.ru, list)},
          {"fr", filled(sentence.fr, list)}};
}

}  // namespace cell::plugin

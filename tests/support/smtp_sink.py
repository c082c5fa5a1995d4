"""A provider's outgoing server that keeps what it is given: STARTTLS, AUTH PLAIN, one thread a connection."""

import base64
import contextlib
import socket
import ssl
import threading


class Sink:
    """`messages` is [(sender, recipients, raw)]; `logins` what came with AUTH."""

    def __init__(self, address, certificate=None, key=None):
        self.messages, self.logins = [], []
        self._context = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate, key)
        self._server = socket.create_server((address, 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._server.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        connection.settimeout(20)
        stream = connection.makefile("rwb")

        def say(text):
            stream.write(text.encode() + b"\r\n")
            stream.flush()
        say("220 sink ESMTP")
        sender, recipients, encrypted = "", [], False
        while line := stream.readline():
            words = line.decode().strip()
            verb = words.upper()
            if verb.startswith("EHLO"):
                features = ["250-sink", *(["250-STARTTLS"] if self._context and not encrypted else []), *(["250-AUTH PLAIN"] if encrypted else []), "250 SIZE"]
                say("\r\n".join(features))
            elif verb == "STARTTLS":
                say("220 go on")
                connection = self._context.wrap_socket(connection, server_side=True)
                stream, encrypted = connection.makefile("rwb"), True
            elif verb.startswith("AUTH PLAIN "):
                self.logins.append(base64.b64decode(words.split()[2]).split(b"\0")[1:])
                say("235 welcome")
            elif verb.startswith("MAIL FROM:"):
                sender, recipients = words[10:].split(">")[0].lstrip("<"), []
                say("250 ok")
            elif verb.startswith("RCPT TO:"):
                recipients.append(words[8:].split(">")[0].lstrip("<"))
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                raw = b""
                while (piece := stream.readline()) not in (b".\r\n", b""):
                    raw += piece[1:] if piece.startswith(b"..") else piece
                self.messages.append((sender, recipients, raw))
                say("250 kept")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

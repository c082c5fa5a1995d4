#include "base/schema_errors.hpp"

#include "base/schema_lookup.hpp"

namespace cell::schema {

namespace {

constexpr std::size_t kMaxFields = 20;
constexpr std::size_t kMaxListed = 12;
constexpr std::size_t kMaxQuoted = 64;

// One place of the value with the schema that speaks of it, if that can be found.
struct Place {
  std::string pointer;
  const Json* value;
  const Json* schema;
};

struct Finding {
  FieldError field;
  std::string hint{};
};

// valijson writes members as ["name"] or [name] and indexes as [3].
Place locate(const std::vector<std::string>& context, const Json& value, const Json& root) {
  static const Json kNothing;
  Place place{"", &value, &root};
  for (std::size_t i = 1; i < context.size(); ++i) {
    std::string token = context[i].substr(1, context[i].size() - 2);
    if (place.value->is_array()) {
      const auto index = static_cast<std::size_t>(std::stoul(token));
      place.pointer = pointer_append(place.pointer, token);
      place.schema = place.schema == nullptr ? nullptr : item_schema(root, *place.schema);
      place.value = index < place.value->size() ? &(*place.value)[index] : &kNothing;
      continue;
    }
    if (!place.value->contains(token) && token.size() >= 2) token = token.substr(1, token.size() - 2);
    place.pointer = pointer_append(place.pointer, token);
    place.schema = place.schema == nullptr ? nullptr : member_schema(root, *place.schema, token);
    place.value = place.value->contains(token) ? &(*place.value)[token] : &kNothing;
  }
  return place;
}

// The text between the first two single quotes.
std::string quoted_part(const std::string& sentence) {
  const auto begin = sentence.find('\'');
  const auto end = sentence.rfind('\'');
  return begin == std::string::npos || end <= begin ? std::string()
                                                    : sentence.substr(begin + 1, end - begin - 1);
}

std::string shown(const Json& value) {
  std::string text = value.is_string() ? "'" + value.get<std::string>() + "'" : dump_json(value);
  if (text.size() > kMaxQuoted) text = text.substr(0, kMaxQuoted) + "…";
  return text;
}

std::string list_of(const Json& values) {
  std::string text;
  std::size_t count = 0;
  for (const Json& value : values) {
    if (++count > kMaxListed) return text + ", …";
    text += (text.empty() ? "" : ", ") + shown(value);
  }
  return text;
}

std::string type_words(const Json& types) {
  static const std::map<std::string, std::string> kWords{
      {"string", "a string"},  {"integer", "an integer"},
      {"number", "a number"},  {"boolean", "true or false"},
      {"object", "an object"}, {"array", "an array"},
      {"null", "null"}};
  std::string text;
  for (const Json& type : types.is_array() ? types : Json::array({types})) {
    const auto word = kWords.find(type.is_string() ? type.get<std::string>() : "");
    if (word != kWords.end()) text += (text.empty() ? "" : " or ") + word->second;
  }
  return text;
}

// What `keyword` says at the place, in words made by `word`; `otherwise` when the schema could not be found.
template <class Word>
std::string from_keyword(const Place& place, const Json& root, const char* keyword, const Word& word,
                         std::string otherwise) {
  const Json* found = place.schema == nullptr ? nullptr : find_keyword(root, *place.schema, keyword);
  return found == nullptr ? std::move(otherwise) : word(*found);
}

std::string pattern_words(const Place& place, const Json& root) {
  const Json* format = place.schema == nullptr ? nullptr : find_keyword(root, *place.schema, "format");
  if (format != nullptr && *format == "date-time") return "must be a time like 2026-11-24T08:30:00Z";
  return "does not have the form that is asked for";
}

std::string number_of(const std::string& sentence) {
  const auto begin = sentence.find_first_of("0123456789");
  return begin == std::string::npos
             ? std::string()
             : sentence.substr(begin, sentence.find_first_not_of("0123456789", begin) - begin);
}

std::string size_words(const std::string& sentence, const char* bound) {
  const std::string number = number_of(sentence);
  const bool string = sentence.starts_with("String");
  if (number == "1" && std::string_view(bound) == "at least") return "must not be empty";
  const char* what = string ? " characters" : sentence.starts_with("Array") ? " items" : " members";
  return std::string("must have ") + bound + " " + number + what;
}

// The detail for a sentence of valijson; empty for those that only repeat what a deeper one says.
std::string detail_of(const std::string& sentence, const Place& place, const Json& root) {
  const auto has = [&sentence](std::string_view part) { return sentence.find(part) != std::string::npos; };
  const auto with = [](const char* words) {
    return [words](const Json& limit) { return words + dump_json(limit); };
  };
  if (has("'type' constraint")) {
    return from_keyword(
        place, root, "type", [](const Json& types) { return "must be " + type_words(types); },
        "is of the wrong type");
  }
  if (has("any enum values")) {
    return from_keyword(
        place, root, "enum", [](const Json& values) { return "must be one of " + list_of(values); },
        "is not one of the allowed values");
  }
  if (has("'const' constraint")) {
    return from_keyword(
        place, root, "const", [](const Json& value) { return "must be " + shown(value); },
        "is not the allowed value");
  }
  if (has("'pattern' constraint")) return pattern_words(place, root);
  if (has("no more than") || has("no fewer than"))
    return size_words(sentence, has("no more than") ? "at most" : "at least");
  if (has("less than or equal"))
    return from_keyword(place, root, "maximum", with("must be at most "), "is too large");
  if (has("greater than or equal"))
    return from_keyword(place, root, "minimum", with("must be at least "), "is too small");
  if (has("number less than"))
    return from_keyword(place, root, "exclusiveMaximum", with("must be less than "), "is too large");
  if (has("number greater than"))
    return from_keyword(place, root, "exclusiveMinimum", with("must be more than "), "is too small");
  if (has("multiple of"))
    return from_keyword(place, root, "multipleOf", with("must be a multiple of "), "is not a multiple");
  if (has("uniqueness constraint")) return "holds the same value twice";
  if (has("'not' constraint")) return "has a value that is not allowed";
  if (has("'contains' constraint")) return "lacks a value that must be in it";
  return {};
}

void add_unknown(const Place& place, const Json& root, const std::string& first,
                 std::vector<Finding>& findings) {
  const auto names = place.schema == nullptr ? std::vector<std::string>{} : member_names(root, *place.schema);
  std::vector<std::string> unknown;
  for (const auto& [name, ignored] : place.value->items()) {
    if (place.schema != nullptr && member_schema(root, *place.schema, name) == nullptr)
      unknown.push_back(name);
  }
  if (unknown.empty()) unknown.push_back(first);
  for (const std::string& name : unknown) {
    const std::string like = nearest(names, name);
    findings.push_back({{pointer_append(place.pointer, name), "unknown field " + shown(name)},
                        like.empty() ? "" : "did you mean '" + like + "'?"});
  }
}

void add_finding(const Complaint& complaint, const Json& value, const Json& root,
                 std::vector<Finding>& findings) {
  const std::string& sentence = complaint.sentence;
  const Place place = locate(complaint.context, value, root);
  if (sentence.starts_with("Missing required property") || sentence.starts_with("Missing dependency")) {
    findings.push_back({{pointer_append(place.pointer, quoted_part(sentence)), "is missing"}});
    return;
  }
  if (sentence.starts_with("Object contains a property")) {
    const auto colon = sentence.rfind(": '");
    const std::string name =
        colon == std::string::npos ? "" : sentence.substr(colon + 3, sentence.size() - colon - 5);
    return add_unknown(place, root, name, findings);
  }
  if (std::string detail = detail_of(sentence, place, root); !detail.empty()) {
    findings.push_back({{place.pointer, std::move(detail)}});
  }
}

// Where none of several alternatives fits: what is wrong further inside says more than "none fits" or what
// each alternative would have wanted at this very place.
bool says_less(const Complaint& complaint, const std::vector<Complaint>& all) {
  const auto is_deeper = [&](const Complaint& other) {
    return other.context.size() > complaint.context.size() &&
           std::equal(complaint.context.begin(), complaint.context.end(), other.context.begin());
  };
  const auto is_choice = [&](const Complaint& other) {
    return other.context == complaint.context &&
           (other.sentence.find("anyOf constraint") != std::string::npos ||
            other.sentence.find("oneOf constraint") != std::string::npos);
  };
  return std::any_of(all.begin(), all.end(), is_choice) && std::any_of(all.begin(), all.end(), is_deeper);
}

Error to_error(const std::vector<Finding>& findings) {
  Error error{Code::invalid_argument, ""};
  for (const Finding& finding : findings) {
    if (std::find(error.fields.begin(), error.fields.end(), finding.field) != error.fields.end()) continue;
    if (error.fields.size() == kMaxFields) break;
    if (error.hint.empty()) error.hint = finding.hint;
    error.fields.push_back(finding.field);
  }
  const FieldError& first = error.fields.front();
  const bool names_itself = first.pointer.empty() || first.detail.starts_with("unknown field");
  error.message = names_itself ? first.detail : "'" + first.pointer + "' " + first.detail;
  if (first.pointer.empty()) error.message = "the document " + first.detail;
  if (error.fields.size() > 1)
    error.message += ", and " + std::to_string(error.fields.size() - 1) + " more fields are wrong";
  return error;
}

}  // namespace

Error describe(const std::vector<Complaint>& complaints, const Json& value, const Json& schema) {
  std::vector<Finding> findings;
  for (const Complaint& complaint : complaints) {
    // Comparing all with all is for short lists only.
    if (complaints.size() <= 100 && says_less(complaint, complaints)) continue;
    add_finding(complaint, value, schema, findings);
    if (findings.size() > 2 * kMaxFields) break;
  }
  if (findings.empty()) {
    const std::string pointer =
        complaints.empty() ? "" : locate(complaints.back().context, value, schema).pointer;
    findings.push_back({{pointer, "fits none of the forms that are allowed here"}});
  }
  return to_error(findings);
}

}  // namespace cell::schema

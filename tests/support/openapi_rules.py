"""What is wrong with an OpenAPI 3.1 document, as far as that can be told without a validator of JSON Schema."""

import re

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
TYPES = {"null", "boolean", "object", "array", "number", "string", "integer"}
KEYWORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "oneOf", "allOf", "format",
            "pattern", "description", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties",
            "maxProperties", "uniqueItems", "default", "const", "$ref", "propertyNames"}


def problems_of(document):
    return list(_document(document))


def _document(document):
    if not re.fullmatch(r"3\.1\.\d+", document.get("openapi", "")):
        yield "openapi: is not 3.1"
    for name in ("title", "version"):
        if not document.get("info", {}).get(name):
            yield f"info: has no {name}"
    yield from _references(document, document, "")
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        yield from _schema(schema, f"components/schemas/{name}")
    seen = set()
    for path, item in document.get("paths", {}).items():
        if not path.startswith("/"):
            yield f"{path}: does not begin with /"
        for method, operation in item.items():
            where = f"{method.upper()} {path}"
            if method not in METHODS:
                yield f"{where}: is no method"
            if operation.get("operationId") in seen:
                yield f"{where}: shares its operationId"
            seen.add(operation.get("operationId"))
            yield from _operation(document, path, operation, where)


def _operation(document, path, operation, where):
    parameters = [_resolved(document, p) for p in operation.get("parameters", [])]
    in_path = {p.get("name") for p in parameters if p.get("in") == "path"}
    if in_path != set(re.findall(r"{([^}]*)}", path)):
        yield f"{where}: declares the path parameters {sorted(in_path)}"
    for parameter in parameters:
        name = parameter.get("name", "?")
        if parameter.get("in") not in {"path", "query", "header", "cookie"}:
            yield f"{where}: parameter {name} is in {parameter.get('in')}"
        if parameter.get("in") == "path" and parameter.get("required") is not True:
            yield f"{where}: path parameter {name} is not required"
        yield from _schema(parameter.get("schema"), f"{where} parameter {name}")
    schemes = document.get("components", {}).get("securitySchemes", {})
    for requirement in operation.get("security", []):
        for name in set(requirement) - set(schemes):
            yield f"{where}: there is no security scheme {name}"
    for media in operation.get("requestBody", {}).get("content", {}).values():
        yield from _schema(media.get("schema"), f"{where} body")
    if not operation.get("responses"):
        yield f"{where}: has no responses"
    for status, response in operation.get("responses", {}).items():
        response = _resolved(document, response)
        if not re.fullmatch(r"[1-5](\d\d|XX)|default", status):
            yield f"{where}: {status} is no status"
        if not response.get("description"):
            yield f"{where} {status}: has no description"
        for media in response.get("content", {}).values():
            yield from _schema(media.get("schema"), f"{where} {status}")


def _schema(schema, where):
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield f"{where}: has no schema"
        return
    for name in set(schema) - KEYWORDS:
        yield f"{where}: has the unknown keyword {name}"
    types = schema.get("type", [])
    types = types if isinstance(types, list) else [types]
    if not set(types) <= TYPES:
        yield f"{where}: has the type {schema['type']}"
    if "array" in types and "items" not in schema:
        yield f"{where}: is an array of anything"
    if "enum" in schema and (not schema["enum"] or len(set(map(repr, schema["enum"]))) != len(schema["enum"])):
        yield f"{where}: its enum is empty or says something twice"
    for name in set(schema.get("required", [])) - set(schema.get("properties", {})):
        yield f"{where}: requires {name}, which it does not describe"
    for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
        if low in schema and high in schema and schema[low] > schema[high]:
            yield f"{where}: {low} is above {high}"
    if "pattern" in schema:
        try:
            re.compile(schema["pattern"])
        except re.error as error:
            yield f"{where}: its pattern is wrong: {error}"
    for name, inner in schema.get("properties", {}).items():
        yield from _schema(inner, f"{where}/{name}")
    for keyword in ("items", "additionalProperties", "propertyNames"):
        if keyword in schema:
            yield from _schema(schema[keyword], f"{where}/{keyword}")
    for keyword in ("anyOf", "oneOf", "allOf"):
        for i, inner in enumerate(schema.get(keyword, [])):
            yield from _schema(inner, f"{where}/{keyword}/{i}")


def _references(document, value, where):
    if isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _references(document, inner, f"{where}/{i}")
    if not isinstance(value, dict):
        return
    if isinstance(value.get("$ref"), str) and _target(document, value["$ref"]) is None:
        yield f"{where}: there is no {value['$ref']}"
    for name, inner in value.items():
        yield from _references(document, inner, f"{where}/{name}")


def _target(document, reference):
    if not reference.startswith("#/"):
        return None
    for part in reference[2:].split("/"):
        document = document.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(document, dict) else None
    return document


def _resolved(document, value):
    return (_target(document, value["$ref"]) or {}) if "$ref" in value else value

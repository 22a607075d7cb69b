"""The description of the API for reading, made from its OpenAPI document, without a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from string import Template
from typing import Any

from govie.integrations.report.markup import escape, resource

__all__ = ["reference_html"]

_HERE = "govie.integrations.web"
_SCHEMAS = "#/components/schemas/"
_EXAMPLES = {
    "/v1/extract": """curl -H 'Content-Type: application/json' \\
  -d '{"text": "预计地区生产总值完成990亿元。"}' ADDRESS/v1/extract""",
    "/v1/documents": """curl -F files=@report.docx -F files=@table.html ADDRESS/v1/documents
curl -F files=@report.docx -o facts.csv 'ADDRESS/v1/documents?format=csv'""",
    "/v1/health": "curl ADDRESS/v1/health",
}


def reference_html(api: Mapping[str, Any], address: str) -> str:
    """Return a page that describes an API.

    Args:
        api: its OpenAPI document.
        address: where it is served, for the examples.
    """
    operations = (
        _operation(path, method, operation, address)
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
    )
    schemas = (_schema(name, schema) for name, schema in api["components"]["schemas"].items())
    return Template(resource("reference.html", _HERE)).substitute(
        version=escape(api["info"]["version"]),
        about=_code_marked(api["info"]["description"]),
        operations="\n".join(operations),
        schemas="\n".join(schemas),
    )


def _operation(path: str, method: str, operation: Mapping[str, Any], address: str) -> str:
    example = _EXAMPLES.get(path, "").replace("ADDRESS", address)
    parts = (
        f'<h2><span class="method">{escape(method.upper())}</span> {escape(path)}</h2>',
        f"<p>{_code_marked(operation.get('description', operation['summary']))}</p>",
        f"<pre><code>{escape(example)}</code></pre>" if example else "",
        _table("Query", _parameters(operation)),
        _table("Body", _body(operation)),
        _table("Answers", _answers(operation)),
    )
    return f'<section class="operation">{"".join(parts)}</section>'


def _parameters(operation: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        default = f" Default: {schema['default']}." if "default" in schema else ""
        yield parameter["name"], _type(schema), parameter.get("description", "") + default


def _body(operation: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for media, body in operation.get("requestBody", {}).get("content", {}).items():
        schema = body["schema"]
        if "$ref" in schema:
            yield media, _type(schema), ""
        for name, field in schema.get("properties", {}).items():
            yield f"{media}: {name}", _type(field), field.get("description", "")


def _answers(operation: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for status, answer in operation["responses"].items():
        types = [
            _type(body["schema"]) if body.get("schema") else escape(media)
            for media, body in answer.get("content", {}).items()
        ]
        yield status, ", ".join(types), answer["description"]


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    rows = ((field, _type(what), what.get("description", "")) for field, what in schema.get("properties", {}).items())
    about = "".join(f"<p>{_code_marked(words)}</p>" for words in schema.get("description", "").split("\n\n"))
    return f'<section class="schema" id="{escape(name)}"><h3>{escape(name)}</h3>{about}{_table("", rows)}</section>'


def _type(schema: Mapping[str, Any]) -> str:
    """Name a type as people do; a type that is described below becomes a link to it."""
    if "$ref" in schema:
        name = escape(schema["$ref"].removeprefix(_SCHEMAS))
        return f'<a href="#{name}">{name}</a>'
    if "enum" in schema:
        return " | ".join(escape(json.dumps(value, ensure_ascii=False)) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(choice) for choice in schema["anyOf"]))
    if schema.get("type") == "array":
        items = schema.get("prefixItems")
        return f"[{', '.join(map(_type, items))}]" if items else f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("type", "any")))


def _table(title: str, rows: Iterator[tuple[str, str, str]]) -> str:
    """Rows of a plain name, a type that is HTML already, and plain words."""
    body = "".join(
        f"<tr><th scope=row><code>{escape(name)}</code></th><td>{kind}</td><td>{_code_marked(words)}</td></tr>"
        for name, kind, words in rows
    )
    head = f"<caption>{escape(title)}</caption>" if title else ""
    return f"<table>{head}<tbody>{body}</tbody></table>" if body else ""


def _code_marked(text: str) -> str:
    """Escape text; what stands between backquotes is code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))

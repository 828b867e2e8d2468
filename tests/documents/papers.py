"""A document with everything that a PDF template may hold."""

import base64
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.template import engines
from django.utils import translation

from digivesteralen.documents import pdf

EVERYTHING = """
{% extends "pdf/base.html" %}{% load pdf %}
{% block title_page %}
<section class="title-page"><h1>{{ title }}</h1><p class="lead">DigiVesterålen</p></section>
{% endblock %}
{% block contents %}{% contents headings %}{% endblock %}
{% block content %}
<section class="chapter"><h2 id="a">Økonomi og gevinster</h2>
<p>Æ Ø Å æ ø å – «sitat» Č Đ Ŋ Š Ŧ Ž, 1 200 000 kr. <strong>Vedtatt</strong> <em>enstemmig</em>. {{ text }}</p>
<dl class="facts"><dt>Tid</dt><dd>12. desember 2026</dd><dt>Sted</dt><dd>Sortland</dd></dl>
<p class="note">Ingen vedtak treffes på vegne av en kommune.</p>
<section class="decision keep"><h3>Vedtak</h3><ol><li>Første punkt</li><li>Andre punkt</li></ol></section>
<ul><li>Punkt med <a href="https://www.example.no/">lenke</a></li></ul></section>
<section class="chapter"><h2 id="b">Systemer</h2>
<table><caption>Systemer i bruk</caption>
<thead><tr><th scope="col">Kommune</th><th scope="col">System</th><th scope="col" class="number">Pris</th></tr></thead>
<tbody>{% for row in rows %}
<tr><th scope="row">Sortland</th><td>System {{ row }}</td><td class="number">{{ row }} 500,50</td></tr>
{% endfor %}</tbody></table>
<figure>{{ chart }}<figcaption>Figur 1: deltakelse</figcaption></figure>
<figure>{% picture image "Et rødt kvadrat" %}</figure></section>
{% endblock %}
"""
CHART = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40" width="100" height="40" role="img">'
    "<title>Deltakelse</title><desc>Fire av seks</desc>"
    '<rect width="60" height="20" fill="#14506b"/><text x="4" y="14" fill="#fff" font-size="8">Bø</text></svg>'
)


def html(
    source: str = EVERYTHING, *, rows: Sequence[int] = range(60), title: str = "Sluttrapport", **context: Any
) -> str:
    from django.utils.safestring import mark_safe  # noqa: PLC0415

    given = {
        "title": title,
        "lang": "nb",
        "pdf_style": pdf._style(),
        "headings": [("a", "Økonomi og gevinster", 1), ("b", "Systemer", 1)],
        "rows": rows,
        "chart": mark_safe(CHART),
        "image": png(),
    }
    with translation.override("nb"):
        return engines["django"].from_string(source).render({**given, **context})


def paper(content: str, **context: Any) -> str:
    """One page with this in its middle, as it stands."""
    source = '{% extends "pdf/base.html" %}{% block content %}<h1>Brev</h1>' + content + "{% endblock %}"
    return html(source, **context)


def png() -> bytes:
    """Four red pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\x00" + b"\xc0\x20\x20" * 2 for _ in range(2))
    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def data_uri(mime: str, content: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(content.encode()).decode()}"


def vectors(address: str) -> Iterable[str]:
    """Twenty ways to make a renderer fetch an address."""
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = f'<svg {names}><image xlink:href="{address}"/></svg>'
    return [
        f'<img src="{address}" alt="x">',
        f'<link rel="stylesheet" href="{address}">',
        f'<style>@import url("{address}");</style>',
        f'<style>@import "{address}";</style>',
        f'<p style="background: url({address})">x</p>',
        f'<ul style="list-style-image: url({address})"><li>x</li></ul>',
        f'<style>p::before {{ content: url("{address}") }}</style><p>x</p>',
        f'<style>@font-face {{ font-family: F; src: url("{address}") }} p {{ font-family: F }}</style><p>x</p>',
        f'<link rel="attachment" href="{address}">',
        f'<a rel="attachment" href="{address}">x</a>',
        svg,
        f'<img alt="x" src="{data_uri("image/svg+xml", svg)}">',
        f'<svg xmlns="http://www.w3.org/2000/svg"><use href="{address}#a"/></svg>',
        f'<object data="{address}">x</object>',
        f'<embed src="{address}">',
        f'<iframe src="{address}"></iframe>',
        f'<base href="{address}"><img src="a.png" alt="x">',
        f'<p style="border-image: url({address}) 1">x</p>',
        f'<p style="mask-image: url({address})">x</p>',
        f'<link rel="icon" href="{address}">',
        f'<style>@page {{ background: url("{address}") }}</style>',
    ]

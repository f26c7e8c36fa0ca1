"""Pages of items, written for these tests after what platforms print."""

TITLE = (
    "'I felt part of the solution'. A qualitative study about the interface between lived experience advocates, "
    "professionals and organisations in the field of persistent pain"
)
SENTENCE = (
    "This work is licensed under a Creative Commons Attribution-NonCommercial 4.0 International License (CC BY-NC 4.0)."
)
ROWS = (
    ("Author(s)", "Hartley C, Penlington C"),
    ("Publication type", "Article"),
    ("Publication status", "Published"),
    ("Journal", "British Journal of Pain"),
    ("Year", "2024"),
    ("Volume", "18"),
    ("Issue", "2"),
    ("Pages", "120-127"),
    ("Print publication date", "01/04/2024"),
    ("Online publication date", "18/10/2023"),
    ("Acceptance date", "19/09/2023"),
    ("Date deposited", "29/11/2023"),
    ("ISSN (print)", "049-4637"),
    ("ISSN (electronic)", "2049-4645"),
    ("Publisher", "Sage Publications Ltd"),
)
DOI = "10.1177/20494637231208"
_HEAD = f"""<!DOCTYPE html><html lang="en"><head><title>ePrints</title></head><body>
<a href="#menu">Toggle Main Menu</a> <a href="#search">Toggle Search</a>
<div class="top"><img src="oa.svg" alt="Open Access padlock">ePrints</div>
<h2>{TITLE}</h2><p>Lookup NU author(s): <a href="/people/1">Dr Chris Penlington</a></p><p>{SENTENCE}</p>
<p>Objectives: To elicit perspectives of people with persistent pain.</p><h3>Publication metadata</h3>"""
NEWCASTLE_LIST = (
    _HEAD
    + "<dl>"
    + "".join(f"<dt>{label}:</dt><dd>{value}</dd>" for label, value in ROWS)
    + f'</dl><p>DOI: <a href="https://doi.org/{DOI}">{DOI}</a></p><p>Altmetrics provided by Altmetric</p></body></html>'
)
NEWCASTLE_PARAGRAPHS = (
    _HEAD
    + "".join(f"<p>{label}: {value}</p>" for label, value in ROWS)
    + f"<p>DOI: {DOI}</p><p>Altmetrics provided by Altmetric</p></body></html>"
)
NEWCASTLE_TABLE = (
    _HEAD
    + "<table>"
    + "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in ROWS)
    + f"<tr><th>DOI</th><td>{DOI}</td></tr></table></body></html>"
)
EPRINTS = f"""<html><head><title>{TITLE} - Example ePrints</title>
<meta name="eprints.title" content="{TITLE}"><meta name="eprints.type" content="article">
<meta name="eprints.full_text_status" content="public"><meta name="eprints.publication" content="British Journal of Pain">
<meta name="eprints.volume" content="18"><meta name="eprints.number" content="2"><meta name="eprints.pagerange" content="120-127">
<meta name="eprints.issn" content="2049-4645"><meta name="eprints.document_url" content="https://e.example.org/12/1/p.pdf">
<link rel="alternate" href="/cgi/export/12"></head>
<body><h1>{TITLE}</h1><div class="ep_summary_content_main"><table><tr><td><span class="document_format">Text</span>
<span>Available under License <a href="http://creativecommons.org/licenses/by-nc/4.0/">Creative Commons Attribution Non-commercial</a>.</span>
</td></tr></table></div></body></html>"""
DSPACE = f"""<html><head><meta name="citation_title" content="{TITLE}"><meta name="citation_doi" content="{DOI}">
<meta name="DC.rights" content="http://creativecommons.org/licenses/by-nc/4.0/" scheme="DCTERMS.URI">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [
 {{"@type": "WebSite", "name": "Example", "license": "https://creativecommons.org/publicdomain/zero/1.0/"}},
 {{"@type": "ScholarlyArticle", "name": "{TITLE}", "isAccessibleForFree": true,
   "license": {{"@type": "CreativeWork", "url": "https://creativecommons.org/licenses/by-nc/4.0/"}},
   "isPartOf": {{"@type": "Book", "license": "https://creativecommons.org/licenses/by/4.0/"}}}}]}}</script></head>
<body><main><h1>{TITLE}</h1><span class="badge badge-secondary">Open Access</span></main></body></html>"""

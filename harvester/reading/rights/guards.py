"""What makes a match void: a negation before it, or a sentence that speaks of the metadata (rights.md section 4.3)."""

import re

from harvester.reading.patterns import late

_NEGATION = re.compile(
    r"(?<![\w-])(?:not|no|without|never|neither|nor|nicht|kein|keine|keiner|keinen|ohne|non|pas|sans|sin|sem|não|nao|senza|bez|nie|не|без|aucun|aucune|ninguna|ningún|nessuna|nenhuma|geen|niet|inte|ikke)(?![\w])|ではない|不"
)
# Denials that leave what follows standing: `unless not otherwise stated`, `non-exclusive`, `No 5`, `not peer-reviewed`.
_EXCEPTING = (
    r"(?<!\w)(?:unless|except|if|where|when|wo|wenn|falls|sofern|soweit|sauf|salvo|si|se|cuando|jeśli|jeżeli|o ile|pokud|ak|ako|jos|om|hvis|tenzij|indien|если|якщо|ha)\b[^.;:]{0,40}?"
    r"(?<!\w)(?:not|no|nicht|non|não|nao|nie|není|nije|не|inte|ikke|ei|niet|nincs)\b[^.;:]{0,40}?"
    r"(?<!\w)(?:otherwise|anders|andernfalls|(?:lo |en |em |indica\w* em )?contr[aá]ri[oa]|contraire|diversamente|altrimenti|altro|inaczej|jinak|inak|drukčije|drugačije|annat|annet|andet|toisin|muuta|másként|иное|иначе|інше)\b"
    r"(?: (?:stated|noted|indicated|specified|marked|angegeben|vermerkt|gekennzeichnet|ausgewiesen|indicato|specificato|indiqué|indicado|anges|angitt|angivet|vermeld|aangegeven|указано|зазначено|mainita|ilmoitettu|stanoveno|uvedeno|navedeno))?"
)
_HARMLESS = (
    r"(?<!\w)(?:non-?exclusiv\w*|no exclusiv\w*|non esclusiv\w*|non-?profit|not[- ]for[- ]profit|not only|nicht nur|no s[oó]lo|non seulement|não só|not solely|not merely"
    r"|not (?:yet )?(?:been )?(?:certified by )?peer[- ]?review\w*|not copy-?edited|no\.? ?\d+|nr\.? ?\d+|no (?:charge|cost|fee|claim|warranty|embargo)s?"
    r"|without (?:prejudice|registration|charge|prior|further|limitation|embargo|cost|fee|(?:any )?restrictions?)|sans restrictions?|sin restricci\w+|sem restri\w+|senza restrizion\w+|ohne einschränkung\w*|без ограничений|sin perjuicio|sans préjudice|ohne anmeldung|kostenlos und ohne)\b"
)
_STOP = re.compile(r"[.;!?:|](?=\s|\Z)")
_METADATA = re.compile(
    r"metada[td]\w*|meta-data|métadonn\w*|метаданн\w*|метадан\w*|元数据|メタデータ|catalogu?e? (?:records?|data)|katalog(?:daten|isate)\w*|bibliographic (?:data|records?)|bibliogra(?:ph|f)ische (?:daten|angaben)|datos bibliográficos|données bibliographiques|dati bibliografici|descriptions?(?= (?:is|are|of the))|(?<=metadata )records?"
)
_OBJECT = r"\bobjects?\b|\btexts?\b|\bfiles?\b|\bimages?\b|\bfull[- ]?texts?\b|\bpdfs?\b|\barticles?\b|\bworks?\b|\bdatasets?\b|\bthes[ie]s\b|\bpapers?\b|\bbooks?\b|\bcontents?\b|\bdocuments?\b|\bitems?\b|\bwerke?\b|\bdateien\b|\bdokumente?\b|\bobjekte?\b|\bobras?\b|\bdocumentos?\b|\bpublications?\b"
_WORD = r"(?:metada[td]\w*|métadonn\w*|метаданн\w*|метадан\w*)"
# `the metadata of this document` speaks of no document; `full text and metadata` and `metadata and data` of both.
_OF_METADATA = rf"{_WORD} (?:records? )?(?:of|for|about|de|du|des|del|della|da|do|d[ae]s|dieser|dieses|zu|von|van|к|о) (?:(?:this|the|these|those|all|our|its|each|ce|cet|cette|ces|chaque|este|esta|estos|estas|cada|questo|questa|diesem|dieser|dieses|der|des) )?\w+"
_TOGETHER = (
    rf"(?:\w+) (?:and|und|et|y|e|&|och|og|en|i|и|sowie|incl\.|including|as well as) (?:(?:its|the|their|all|associated|die|les|los|as|os|zugehörige\w*|ses|sus) )?{_WORD}"
    rf"|{_WORD} (?:and|und|et|y|e|&|och|og|en|и|sowie) (?:(?:the|all|die|les|los|research) )?(?:data|daten|donn[ée]es|datos|dados|full[- ]?texts?|contents?|files?|objects?|works?|данные)\b"
)
_FOR_OBJECT = re.compile(
    r"[ )\]]{0,2}(?:applies |apply |gilt |gelten )?(?:for|to|für|pour|para|per) (?:the |all |die |das |den |les |los |as )?(?:objects?|full[- ]?texts?|texts?|works?|articles?|data|files?|pdfs?|volltexte?|werke?|textes?|textos?|obras?|contents?)\b"
)
_FOR_METADATA = re.compile(
    rf"[ )\]]{{0,2}}(?:licen\w+ )?(?:\(|(?:is |are |gilt |gelten |applies |apply |valid |se aplica |aplica-se |s'applique |si applica )?(?:only |nur |solo )?(?:for |to |on |für |pour |para |per |a |à |ao |aux? |aos |ai |к )?)"
    rf"(?:(?:the|all|our|its|this|die|les|los|las|as|os|i|only|nur|record|descriptive) ){{0,3}}{_WORD}(?: (?:only|licen\w+|records?|nur))*\s?(?:[).;,]|\Z)"
)
_MAY_BE = re.compile(
    r"(?:may|can|could|will|shall|might) be (?:\w+ ){0,3}(?:licen[sc]ed|granted|released|made available)"
    r"|(?:could|will|shall|might) (?:be (?:\w+ ){0,3}(?:published|distributed|shared|available|issued|under)|be(?: a| the)? ?\Z|become(?: a| the)? ?\Z)"
)
# A day that no calendar names: `after embargo`, `after 12 months`.
_LATER = r"after (?:the )?(?:(?:end|expiry|expiration) of (?:the |an? )?)?(?:\w+[- ]months?[- ]|publication )?embargo(?: period)?|after (?:an? )?(?:\d{1,2}|six|twelve|eighteen|twenty[- ]four)[- ]months?"
_LATER_BEFORE = rf"\b(?:{_LATER})\b[^.;]{{0,40}}\Z"
_LATER_BEHIND = rf"[\s,(]*(?:licen[sc]e )?(?:{_LATER})\b"
_ALL_BUT = re.compile(r"\b(?:other than|except(?:ing)?(?: for)?|apart from)(?: an?| the)?(?: creative commons)? ?\Z")
_DENIED_BEHIND = re.compile(
    r"[\s)\]\"',:-]{0,4}(?:(?:international|unported|licen[sc]es?|lizenz|licencia|licença|licenza|terms) ?){0,2}"
    r"(?:(?:does|do|did) not apply|doesn't apply|(?:is |are )?not (?:applicable|applied|granted|used|allowed|permitted)|no (?:se )?aplica|não se aplica|ne s'applique pas|gilt nicht|nicht anwendbar|non si applica)"
    r"(?:[.;,)]|\Z)"
)
_PERHAPS_A_PART = re.compile(
    r"cover|figur|tabl|tabel|logo|includ|contain|thumbnail|preview|supplement|bild|foto|couverture|portada|cubierta|capa|copertina"
)
_PERHAPS_A_WISH = re.compile(r"contact|ask|write|mail|apply|quire|request|touch")
_PART = (
    r"\A[\s(*-]*(?:(?:the|all|its|any|some|our|die|das|le|la|les|el|las|los|a|as|o|os|il|gli) )*"
    r"(?:(?:front |back |book )?cover(?: (?:image|art|artwork|photo(?:graph)?|picture|illustration|design)s?)?|figures?|tables?(?= (?:no\.? ?)?\d)|(?<=the )logos?|thumbnails?|preview images?"
    r"|supplement(?:al|ary) (?:materials?|files?|data|information|figures?|tables?)|(?:titel|umschlag)(?:bild|foto|illustration)|abbildung(?:en)?|tabellen?"
    r"|(?:images?|photo(?:graphie)?|illustration) de (?:la )?couverture|imagen de (?:la )?(?:portada|cubierta)|figuras?|tablas?|imagem (?:da|de) capa|tabelas?|immagine di copertina|figure|tabelle"
    r"|(?:this \w+ )?(?:includes?|contains?) (?:[\w-]+ ){0,2}(?:figures?|third[- ]party (?:[\w-]+ )?\w+|materials?))"
    r"(?: (?:no\.? ?)?\d+[a-z]?(?:(?: ?[-,&] ?| (?:and|to|und|et|y|e|a) )\d+[a-z]?){0,5})?"
    r"(?:,? (?:©|\(c\)|in|of|from|by|at|on|for|to|accompanying|within|inside|de|du|des|della|do|da|in|aus|von) (?:[^.;:]|\.(?=\S)){1,60}?)?"
    r"(?: ?[:(]|,\s*\Z| (?:is|are|was|were|has|have|may|can|licen[sc]ed|used|reproduced|available|published|under|ist|sind|wird|werden|steht|stehen|unter|est|sont|sous|es|son|está|están|bajo|é|são|sob|è|sono|con)\b)"
)
# Behind a part another subject: `Figure 1 is CC BY-NC, the rest is`.
_WHOLE = r"[,)] (?:and |but |while |whereas )?(?:the |all |everything |any )?(?:rest|remainder|else|others?|text|article|work|paper|book|report|thesis|contents?|document)\b"
_WISH = (
    r"\b(?:contact|ask|write to|e-?mail|apply|enquire|inquire|email us|get in touch)\b(?:[^.;:]|\.(?=\S)){0,80}? (?:for|about|to (?:obtain|get|request|discuss|negotiate))(?: (?:an?|the|your))?(?: creative commons)?\W*\Z"
    r"|\brequests? (?:for )?(?:an?|the)(?: creative commons)?\W*\Z"
)
_SENTENCE = 500  # characters: what a longer sentence said at its beginning is not looked for
_WINDOW = 120  # characters before a match in which a clause may begin that leaves it standing
_REACH_OF_MAY = 80  # characters before a match within which `may be` counts
_REACH = 40  # characters before a match within which a negation counts


def is_negated(text: str, start: int) -> bool:
    """Tell whether the words right before `start`, in the same sentence, deny what follows."""
    near = text[max(0, start - _WINDOW) : start]
    if _ALL_BUT.search(near):
        return True
    if _NEGATION.search(near[-_REACH:]) is None:
        return False
    left = late(_HARMLESS).sub(_blank, late(_EXCEPTING).sub(_blank, near))
    sentence = _STOP.split(left[-_REACH:])[-1]
    return _NEGATION.search(sentence) is not None


def _blank(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def speaks_of_metadata(text: str, start: int, end: int | None = None) -> bool:
    """Tell whether the sentence before `start` last spoke of metadata, not of the work, and nothing behind `end` does."""
    if end is not None and _FOR_OBJECT.match(text, end):
        return False
    sentence = _sentence(text, start)
    last_metadata = max((m.end() for m in _METADATA.finditer(sentence)), default=-1)
    if last_metadata < 0 or late(_TOGETHER).search(sentence):
        return False
    bare = late(_OF_METADATA).sub(_blank, sentence)
    return all(m.start() < last_metadata for m in late(_OBJECT).finditer(bare))


def _sentence(text: str, start: int) -> str:
    before = text[max(0, start - _SENTENCE) : start]
    return before[max(before.rfind(". "), before.rfind("; "), -1) + 1 :]


def speaks_of_a_part(text: str, start: int) -> bool:
    """Tell whether the sentence before `start` speaks of a part alone: `The cover image is licensed under`."""
    sentence = _sentence(text, start)
    if _PERHAPS_A_PART.search(sentence) is None:
        return False
    part = late(_PART).match(sentence)
    return part is not None and late(_WHOLE).search(sentence, part.end()) is None


def is_for_metadata(text: str, end: int) -> bool:
    """Tell whether the words right behind `end` say that what stood before is for the metadata: `CC0 (metadata)`."""
    return _FOR_METADATA.match(text, end) is not None


def is_denied_behind(text: str, end: int) -> bool:
    """Tell whether the words right behind `end` end the sentence with a denial: `CC BY-NC does not apply.`"""
    return _DENIED_BEHIND.match(text, end) is not None


def is_not_in_force(before: str, behind: str = "") -> bool:
    """Tell whether the words around a licence say what may be or will be, or how to get it: `Contact us for a`."""
    if "after" in before and late(_LATER_BEFORE).search(before):
        return True
    if "after" in behind and late(_LATER_BEHIND).match(behind):
        return True
    if _MAY_BE.search(before, max(0, len(before) - _REACH_OF_MAY)):
        return True
    return _PERHAPS_A_WISH.search(before) is not None and late(_WISH).search(before) is not None

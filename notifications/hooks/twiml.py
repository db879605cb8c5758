"""TwiML, the XML that Twilio is answered with (twilio.com/docs/voice/twiml)."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

# Amazon Polly voices by our languages: twilio.com/docs/voice/twiml/say/text-speech
VOICES = {
    "en": ("en-GB", "Polly.Amy"),
    "es": ("es-ES", "Polly.Lucia"),
    "pt": ("pt-BR", "Polly.Camila"),
    "fr": ("fr-FR", "Polly.Lea"),
    "de": ("de-DE", "Polly.Vicki"),
    "hi": ("hi-IN", "Polly.Aditi"),
    "ar": ("arb", "Polly.Zeina"),
    "ja": ("ja-JP", "Polly.Mizuki"),
}
BETWEEN_CHARACTERS = "900ms"


def answer(*verbs: Element) -> HttpResponse:
    """A response of these verbs; of none, it does nothing."""
    response = Element("Response")
    response.extend(verbs)
    return HttpResponse(tostring(response, encoding="utf-8", xml_declaration=True), content_type="text/xml")


def message(text: str) -> Element:
    verb = Element("Message")
    verb.text = _printable(text)
    return verb


def say(text: str, language: str) -> Element:
    """Spoken in a language of ours (such as `pt-br`)."""
    verb = Element("Say", _voice(language))
    verb.text = _printable(text)
    return verb


def spell(text: str, language: str) -> Element:
    """Read out character by character, slowly."""
    verb = Element("Say", _voice(language))
    for character in _printable(text):
        said = SubElement(verb, "say-as", {"interpret-as": "characters"})
        said.text = character
        SubElement(verb, "break", time=BETWEEN_CHARACTERS)
    return verb


def pause(seconds: int) -> Element:
    return Element("Pause", length=str(seconds))


def gather(action: str, *verbs: Element) -> Element:
    """Says these until one key is pressed, which goes to `action`; then waits some seconds for it."""
    settings = {"input": "dtmf", "numDigits": "1", "finishOnKey": "", "timeout": "6", "action": action}
    verb = Element("Gather", settings)
    verb.extend(verbs)
    return verb


def hang_up() -> Element:
    return Element("Hangup")


def _voice(language: str) -> dict[str, str]:
    spoken, voice = VOICES.get(language.partition("-")[0], VOICES["en"])
    return {"language": spoken, "voice": voice}


def _printable(text: str) -> str:
    """Without what XML cannot hold (XML 1.0, 2.2), which a name may."""
    return "".join(character if character.isprintable() else " " for character in text)

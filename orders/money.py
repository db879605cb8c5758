"""Currencies and their amounts (ISO 4217)."""

from decimal import Decimal

# The codes of ISO 4217 that name money people pay with; funds, metals and test codes are left out.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
    GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
    KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
    NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES
    VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - a list of 150 quoted words says less
)
_NO_DECIMALS = frozenset(
    """
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF
    """.split()  # noqa: SIM905 - a list of 150 quoted words says less
)
_THREE_DECIMALS = frozenset(
    """
    BHD IQD JOD KWD LYD OMR TND
    """.split()  # noqa: SIM905 - a list of 150 quoted words says less
)


def decimals(currency: str) -> int:
    """How many digits follow the decimal point in amounts of this currency."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def text(amount: Decimal, currency: str) -> str:
    """The amount as the API writes it: a plain decimal string with the currency's own decimals."""
    return f"{amount:.{decimals(currency)}f}"

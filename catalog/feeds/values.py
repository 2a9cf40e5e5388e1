"""Reads what shops write into cells: text in, a value out, or a `ValueError` with the reason.

An empty cell is the caller's business: none of these is asked about one.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from catalog.vocabulary import Gender, Occasion, Season

LIST_SEPARATOR = "|"
_PRICE_MAX = Decimal("99999999.99")
_STOCK_MAX = 2_147_483_647
#: What exports write for "nothing".
_NOTHING = {"nan", "n/a", "na", "null", "none", "-"}

_GENDERS = {
    Gender.WOMEN: "women woman womens female ladies lady f w damen",
    Gender.MEN: "men man mens male gentlemen m herren",
    Gender.UNISEX: "unisex all adult adults both",
    Gender.GIRLS: "girls girl maedchen",
    Gender.BOYS: "boys boy jungen",
}
_SEASONS = {
    Season.SPRING: "spring fruehling",
    Season.SUMMER: "summer sommer",
    Season.AUTUMN: "autumn fall herbst",
    Season.WINTER: "winter",
}
_OCCASIONS: dict[str, tuple[Occasion, ...]] = {
    "casual": (Occasion.CASUAL,),
    "everyday": (Occasion.CASUAL,),
    "home": (Occasion.CASUAL,),
    "smart casual": (Occasion.CASUAL, Occasion.WORK),
    "work": (Occasion.WORK,),
    "office": (Occasion.WORK,),
    "business": (Occasion.WORK, Occasion.FORMAL),
    "formal": (Occasion.FORMAL, Occasion.WORK),
    "party": (Occasion.PARTY,),
    "evening": (Occasion.PARTY, Occasion.FORMAL),
    "travel": (Occasion.VACATION,),
    "vacation": (Occasion.VACATION,),
    "holiday": (Occasion.VACATION,),
    "beach": (Occasion.VACATION,),
    "sport": (Occasion.SPORT,),
    "sports": (Occasion.SPORT,),
    "ethnic": (Occasion.WEDDING_GUEST, Occasion.PARTY),
    "wedding": (Occasion.WEDDING_GUEST,),
    "wedding guest": (Occasion.WEDDING_GUEST,),
}
_GENDER_BY_WORD = {word: gender for gender, words in _GENDERS.items() for word in words.split()}
_SEASON_BY_WORD = {word: season for season, words in _SEASONS.items() for word in words.split()}
_YES = {"true", "yes", "y", "1", "published", "active", "x", "ja", "t"}
_NO = {"false", "no", "n", "0", "draft", "archived", "inactive", "nein", "f"}
#: What can be ordered counts as in stock, even where it is sent later.
_IN_STOCK = {
    **dict.fromkeys(("in stock", "instock", "available", "limited availability"), True),
    **dict.fromkeys(("limitedavailability", "onlineonly", "instoreonly"), True),
    **dict.fromkeys(("preorder", "pre order", "presale", "backorder", "back order"), True),
    **dict.fromkeys(("available for order", "made to order", "madetoorder"), True),
    **dict.fromkeys(("out of stock", "outofstock", "sold out", "soldout"), False),
    **dict.fromkeys(("unavailable", "not available", "discontinued"), False),
}

_CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "₹": "INR", "¥": "JPY"}


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is no value.

    >>> is_nothing(""), is_nothing("NaN"), is_nothing("0")
    (True, True, False)
    """
    return not text or text.lower() in _NOTHING


def parse_price(text: str) -> tuple[Decimal, str]:
    """A price and its currency ("" if none is named), however thousands and decimals are written.

    >>> parse_price("€ 1.299,00"), parse_price("1,299.00 USD"), parse_price("49,9")
    ((Decimal('1299.00'), 'EUR'), (Decimal('1299.00'), 'USD'), (Decimal('49.90'), ''))
    """
    match = re.fullmatch(r"([^\d.,+-]*)([+-]?[\d.,' ]*\d[.,]?)([^\d.,]*)", text.strip())
    if not match or re.search(r"[.,'][.,']", match[2]):
        raise ValueError(f"price {text!r} is not a number")
    try:
        price = Decimal(_to_plain_number(match[2])).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(f"price {text!r} is not a number") from None
    if not 0 <= price <= _PRICE_MAX:
        raise ValueError(f"price {text!r} is not between 0 and {_PRICE_MAX}")
    return price, _find_currency(match[1] + " " + match[3])


def _to_plain_number(text: str) -> str:
    """The last of . and , is the decimal sign, unless exactly three digits follow the only one."""
    digits = re.sub(r"[' ]", "", text)
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits
    whole, decimals = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
    groups_thousands = len(decimals) == 3 and (digits[last] == "," or digits.count(".") > 1)
    return whole + decimals if groups_thousands else f"{whole or '0'}.{decimals or '0'}"


def _find_currency(text: str) -> str:
    code = re.search(r"\b[A-Z]{3}\b", text)
    if code:
        return code[0]
    return next((iso for sign, iso in _CURRENCY_SIGNS.items() if sign in text), "")


def parse_currency(text: str) -> str:
    """An ISO 4217 code, or one of a few signs.

    >>> parse_currency("eur"), parse_currency("£")
    ('EUR', 'GBP')
    """
    if re.fullmatch(r"[A-Za-z]{3}", text):
        return text.upper()
    if text in _CURRENCY_SIGNS:
        return _CURRENCY_SIGNS[text]
    raise ValueError(f"currency {text!r} is not a code of three letters, such as EUR")


def parse_stock(text: str, if_available: int) -> int:
    """Pieces in stock; "in stock" counts as ``if_available``, oversold (negative) as none.

    >>> parse_stock("1,200", 10), parse_stock("in stock", 10), parse_stock("-2", 10)
    (1200, 10, 0)
    """
    words = re.sub(r"[\s_-]+", " ", text.lower().rpartition("schema.org/")[2]).strip()
    if words in _IN_STOCK:
        return if_available if _IN_STOCK[words] else 0
    if not re.fullmatch(r"-?[\d,' ]*\d(\.0*)?", text):
        raise ValueError(f"stock {text!r} is not a whole number")
    return min(max(0, int(re.sub(r"\.0*$|[,' ]", "", text))), _STOCK_MAX)


def parse_published(text: str) -> bool:
    """Yes or no in any of the usual spellings.

    >>> parse_published("TRUE"), parse_published("draft")
    (True, False)
    """
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise ValueError(f"published {text!r} is neither yes nor no")


def parse_gender(text: str) -> Gender:
    """Who it is for.

    >>> parse_gender("Male"), parse_gender("Women's")
    (Gender.MEN, Gender.WOMEN)
    """
    word = re.sub(r"[^a-z]", "", text.lower().replace("ä", "ae"))
    if word in _GENDER_BY_WORD:
        return _GENDER_BY_WORD[word]
    raise ValueError(f"gender {text!r} is not known")


def parse_list(text: str) -> list[str]:
    """The parts of a cell that are joined by ``|``, in order, without empty ones and repeats.

    >>> parse_list("a.jpg | b.jpg|a.jpg")
    ['a.jpg', 'b.jpg']
    """
    return list(dict.fromkeys(part.strip() for part in text.split(LIST_SEPARATOR) if part.strip()))


def join_list(parts: Iterable[str]) -> str:
    """What `parse_list` reads; a ``|`` in an address is written as its code.

    >>> join_list(["a.jpg", "https://x.example/a|b.jpg"])
    'a.jpg|https://x.example/a%7Cb.jpg'
    """
    return LIST_SEPARATOR.join(
        part.replace(LIST_SEPARATOR, "%7C") if "://" in part else part for part in parts if part
    )


def parse_seasons(text: str) -> tuple[list[Season], list[str]]:
    """Seasons, and the words that name none.

    >>> parse_seasons("Fall/Winter|Mud")
    ([Season.AUTUMN, Season.WINTER], ['Mud'])
    """
    known: list[Season] = []
    unknown = []
    for word in re.split(r"[|,/;&]", text):
        if word.strip().lower() in _SEASON_BY_WORD:
            known.append(_SEASON_BY_WORD[word.strip().lower()])
        elif word.strip():
            unknown.append(word.strip())
    return list(dict.fromkeys(known)), unknown


def parse_occasions(text: str) -> tuple[list[Occasion], list[str]]:
    """Occasions, and the words that name none.

    >>> parse_occasions("Smart Casual|Moon")
    ([Occasion.CASUAL, Occasion.WORK], ['Moon'])
    """
    known: list[Occasion] = []
    unknown = []
    for word in re.split(r"[|,/;]", text):
        name = re.sub(r"[\s_-]+", " ", word.strip().lower())
        if name in _OCCASIONS:
            known.extend(_OCCASIONS[name])
        elif name:
            unknown.append(word.strip())
    return list(dict.fromkeys(known)), unknown

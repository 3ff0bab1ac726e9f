"""Tell in which encoding a text file was stored: by its marks, its zeros, the letters it uses."""

import codecs
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from xlclv.errors import InputError

# With a byte order mark in front nothing is left to tell. UTF-32 begins like UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_ROWS: Final = 200
SAMPLE_BYTES: Final = 2**16
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_FAR_MORE: Final = 5


@dataclass(frozen=True, slots=True)
class _Writing:
    """What text in a language looks like in one of the encodings it was stored in.

    Args:
        encoding: The name Python knows.
        familiar: Letters that make up most of what is not ASCII.
        everyday: For a language of syllables or ideographs the first and last leading byte of
            the block that its encoding sets apart for everyday use, and how many it holds.
        chance: How likely the encoding is before a letter is seen.
    """

    encoding: str
    familiar: str
    everyday: tuple[int, int, int] | None = None
    chance: float = 1.0


_KANA: Final = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC)))
# Frequent in running text, in names and in the headers of order lists.
_JAPANESE: Final = _KANA + (
    "日一人年大十二本中長出三時行見月分前後生五間上東四今金九入学高円子外八六下来気小七山話女北午百"
    "書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨顧客注文商品番号額価格数量税込合"
    "計売氏住所会員店県市区町村郵便渡辺田佐藤鈴伊加井野原松林清斎岡石橋和美恵郎太介雄真由香奈優翔健初"
    "回最終購登録誕性別利益率単仕備考状態返請求費送料割引配達受発払領収顧株式社部課主担当地域種類決済"
)
_SIMPLIFIED: Final = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后"
    "作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因"
    "只从想实客户编号订单日期金额姓名电话址产品商数量价总计税折扣员称王李张刘陈杨黄赵吴周徐孙马朱胡郭"
    "何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾夏韦付"
    "白邹孟熊秦邱江尹北京海广州深圳市省区路伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文购买渠"
)
_TRADITIONAL: Final = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後"
    "作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只"
    "從想實客戶顧編號訂單日期金額姓名電話址產品商數量價總計稅折扣員稱王李陳林黃張吳劉蔡楊許鄭謝洪郭邱"
    "曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴范宋鄧杜傅侯曹薛丁台北市雄山"
    "文明美麗玲志偉建淑芬雅婷俊宏怡君豪購買通路"
)
_KOREAN: Final = (
    "이다에의는로하을가고지서한은기으년대사시를리도인스일자정해어나라수부장전주보제원상그것만들과여조경중"
    "금구화동국세성객번호문날짜액름품명량격할합계회김박최강윤임오신권황안송류홍민준영현철희진우혜연미숙순"
    "매출등급단드트아비소공용방관내위개무생물발건반모선면양때게간될당실차유월입교불재업분유"
)
_WRITINGS: Final = (
    _Writing("cp932", _JAPANESE, (0x88, 0x97, 2965)),
    _Writing("euc_jp", _JAPANESE, (0xB0, 0xCF, 2965)),
    _Writing("gb18030", _SIMPLIFIED, (0xB0, 0xD7, 3755)),
    _Writing("big5", _TRADITIONAL, (0xA4, 0xC6, 5401)),
    _Writing("cp949", _KOREAN, (0xB0, 0xC8, 2350)),
    _Writing("cp1252", "äöüÄÖÜß€–„“"),  # German
    _Writing("cp1252", "éèêëàâçùûîïôœÉÈÀÇ€’«»°"),  # French
    _Writing("cp1252", "áéíóúüñÑÁÉÍÓÚ¿¡€ºª"),  # Spanish
    _Writing("cp1252", "áâãàçéêíóôõúÁÃÇÉÓ€ºª"),  # Portuguese
    _Writing("cp1252", "àèéìòùÀÈ€’"),  # Italian
    _Writing("cp1252", "åäöæøéÅÄÖÆØ"),  # Nordic
    _Writing("cp1252", "äöüßéèêëàâçùûîïôáíóúñãõåæøìòÄÖÜÉÈÀÇÁÍÓÚÅÆØ£€§°’–"),  # several
    # Differs from cp1252 in few letters, so it takes one that no western language has.
    _Writing("cp1250", "áčďéěíňóřšťúůýžľĺŕôäÁČŘŠŽÚŤĎŇÝ", chance=0.05),  # Czech, Slovak
    _Writing("cp1250", "ąćęłńóśźżŁŚŻŹĆ", chance=0.05),  # Polish
    _Writing("cp1250", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ", chance=0.05),  # Hungarian
    _Writing("cp1250", "čćđšžČĆĐŠŽ", chance=0.05),  # Croatian, Slovene
)
_FAMILIAR, _EVERYDAY, _SIGN, _STRANGE = 0.6, 0.3, 0.05, 0.01  # shares of what is written
_SIGNS: Final = 160  # punctuation, full-width letters and digits, half-width kana
_STRANGERS: Final = 10_000
_OUT_OF_PLACE: Final = 0.02


def decoded(data: bytes, name: str, encoding: str | None) -> tuple[str, str]:
    """Return the encoding by name and the text.

    Raises:
        InputError: The encoding is unknown, does not fit the file or cannot be told.
    """
    if encoding is not None:
        return encoding, _decoded_as_told(data, name, encoding)
    for likely in _candidates(data):
        try:
            return likely.removesuffix("-sig"), data.decode(likely)
        except UnicodeDecodeError as error:
            if likely == "utf-8" and _is_mostly_utf8(data):
                line = data.count(b"\n", 0, error.start) + 1
                raise InputError("csv_broken_letters", path=name, line=line) from error
    raise InputError("csv_not_text", path=name)


def _is_mostly_utf8(data: bytes) -> bool:
    """Say whether letters outside ASCII that fit UTF-8 are far more than those that do not."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return len(_NOT_ASCII.findall(text)) > _FAR_MORE * broken


def _decoded_as_told(data: bytes, name: str, encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding).name
        marked = codec == "utf-8" and data.startswith(codecs.BOM_UTF8)
        return data.decode("utf-8-sig" if marked else codec)
    except (LookupError, ValueError) as error:
        if not isinstance(error, UnicodeDecodeError):  # such as "undefined", or no name at all
            raise InputError("no_such_encoding", value=encoding) from error
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("wrong_encoding", path=name, line=line, value=encoding) from error


def _candidates(data: bytes) -> Iterator[str]:
    """Yield the encodings to try, the likeliest first."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            yield encoding
            return
    sample = data[:SAMPLE_BYTES]
    if b"\0" in sample:
        if order := _utf16(sample):
            yield order
        return
    if len(sample.translate(None, _CONTROLS)) < len(sample):
        return
    yield "utf-8"
    yield from _likeliest(data)


def _utf16(sample: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: the zeros of line ends and digits show it."""
    even, odd = sample[::2], sample[1::2]
    encoding = "utf-16-le" if odd.count(0) > even.count(0) else "utf-16-be"
    try:
        text = sample[: len(sample) // 2 * 2].decode(encoding, errors="strict")
    except UnicodeDecodeError:
        return None
    return encoding if all(sign.isprintable() or sign in "\t\n\r\f" for sign in text) else None


def _likeliest(data: bytes) -> list[str]:
    """Order the encodings by how well they explain the letters outside ASCII."""
    lines = re.finditer(rb"[^\n]*[\x80-\xff][^\n]*", data)
    sample = b"\n".join(line[0] for line in islice(lines, SAMPLE_ROWS))
    scores: dict[str, float] = {}
    for writing in _WRITINGS:
        try:
            score = _likelihood(sample.decode(writing.encoding), writing)
        except UnicodeDecodeError:
            continue
        scores[writing.encoding] = max(score, scores.get(writing.encoding, -math.inf))
    return sorted(scores, key=lambda encoding: -scores[encoding])


def _likelihood(text: str, writing: _Writing) -> float:
    """Return the logarithm of how likely the writing makes a text, its ASCII letters aside."""
    total = math.log(writing.chance)
    for before, sign, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if not sign.isascii():
            total += math.log(_share(sign, writing))
            if writing.everyday is None:
                # Accented letters rarely stand side by side.
                out_of_place = not before.isascii()
            else:
                out_of_place = _is_small(before) or _is_small(after)
            total += math.log(_OUT_OF_PLACE) if out_of_place else 0
    return total


def _is_small(sign: str) -> bool:
    return sign.isascii() and sign.islower()


@cache
def _share(sign: str, writing: _Writing) -> float:
    """Return which share of the signs of a language this one has."""
    if sign in writing.familiar:
        return (_FAMILIAR + (0 if writing.everyday else _EVERYDAY)) / len(writing.familiar)
    if writing.everyday is None:
        return _STRANGE / 128
    first, last, size = writing.everyday
    stored = sign.encode(writing.encoding)
    if len(stored) == 2 and first <= stored[0] <= last and _is_core(stored, writing):  # noqa: PLR2004 - two bytes
        return _EVERYDAY / size
    is_sign = "\u3000" <= sign <= "\u303f" or "\uff01" <= sign <= "\uff9f"
    return _SIGN / _SIGNS if is_sign else _STRANGE / _STRANGERS


def _is_core(stored: bytes, writing: _Writing) -> bool:
    """Say whether a sign is in the old core of its encoding, not among what was added around it."""
    return writing.encoding in ("cp932", "big5") or stored[1] >= 0xA1  # noqa: PLR2004 - the core

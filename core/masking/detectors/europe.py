"""The rules of national ids of Europe: each a pure check of a compact code in upper case; `registry` names sources."""

from __future__ import annotations

from typing import Final

from core.masking.detectors.checks import LETTERS, born, luhn, mod11_10, varied, verhoeff, weighted

DNI: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
HETU: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
IRISH: Final = "WABCDEFGHIJKLMNOPQRSTUV"
# fmt: off
ODD: Final = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
    2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True))
# fmt: on
OMOCODIA: Final = str.maketrans("LMNPQRSTUV", "0123456789")  # letters in the place of digits, where two would be alike
NOT_NINO: Final = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})


def gb_nino(code: str) -> bool:
    return code[0] not in "DFIQUV" and code[1] not in "DFIQUVO" and code[:2] not in NOT_NINO and code[8] in "ABCD"


def gb_nhs(code: str) -> bool:
    check = 11 - weighted(code, range(10, 1, -1)) % 11
    return check % 11 == int(code[9]) and varied(code)


def ie_pps(code: str) -> bool:
    extra = 9 * (LETTERS.index(code[8]) + 1 if code[8] != "W" else 0) if len(code) > 8 else 0
    return IRISH[(weighted(code, range(8, 1, -1)) + extra) % 23] == code[7]


def de_tax(code: str) -> bool:
    counts = sorted(code[:10].count(digit) for digit in set(code[:10]))
    return code[0] != "0" and counts[-1] in {2, 3} and counts[-2] == 1 and mod11_10(code)


def de_pension(code: str) -> bool:
    digits = code[:8] + f"{LETTERS.index(code[8]) + 1:02}" + code[9:11]
    products = (int(d) * w for d, w in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    month = int(code[4:6])
    return sum(p // 10 + p % 10 for p in products) % 10 == int(code[11]) and 1 <= month <= 12


def at_svnr(code: str) -> bool:
    check = weighted(code[:3] + code[4:], (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11
    return check == int(code[3]) and 1 <= int(code[4:6]) <= 31 and 1 <= int(code[6:8]) <= 13 and code[0] != "0"


def ch_ahv(code: str) -> bool:
    return code[:3] == "756" and ean(code)


def ean(code: str) -> bool:
    """Check the last digit by GS1 General Specifications 7.9."""
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(code))) % 10 == 0


def fr_nir(code: str) -> bool:
    body = code[:13]
    if body[5:7] in {"2A", "2B"}:
        body = body[:5] + ("19" if body[6] == "A" else "18") + body[7:]
    if not body.isdigit() or not code[13:].isdigit() or body[0] not in "123478":
        return False
    month = int(body[3:5])
    return (1 <= month <= 12 or 20 <= month <= 42 or month >= 50) and 97 - int(body) % 97 == int(code[13:])


def es_dni(code: str) -> bool:
    return DNI[int(code[:8]) % 23] == code[8] and varied(code[:8])


def es_nie(code: str) -> bool:
    return code[0] in "XYZ" and DNI[int("XYZ".index(code[0]) * 10**7 + int(code[1:8])) % 23] == code[8]


def pt_nif(code: str) -> bool:
    check = 11 - weighted(code, range(9, 1, -1)) % 11
    return code[0] in "123568" and (0 if check >= 10 else check) == int(code[8])


def it_fiscal(code: str) -> bool:
    places = (6, 7, 9, 10, 12, 13, 14)
    plain = "".join(one.translate(OMOCODIA) if at in places else one for at, one in enumerate(code))
    if not all(plain[at].isdigit() for at in places) or plain[8] not in "ABCDEHLMPRST":
        return False
    if not 1 <= int(plain[9:11]) % 40 <= 31:
        return False
    even = (int(one) if one.isdigit() else LETTERS.index(one) for one in code[1:15:2])
    return LETTERS[(sum(ODD[one] for one in code[:15:2]) + sum(even)) % 26] == code[15]


def nl_bsn(code: str) -> bool:
    return weighted(code, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and varied(code)


def be_national(code: str) -> bool:
    month, day = int(code[2:4]), int(code[4:6])
    bodies = (int(code[:9]), 2 * 10**9 + int(code[:9]))
    return month % 20 <= 12 and day <= 31 and any(97 - body % 97 == int(code[9:]) for body in bodies)


def lu_matricule(code: str) -> bool:
    known = code[:2] in {"18", "19", "20"} and born(code[2:8], century=int(code[:2]) * 100)
    return known and luhn(code[:12]) and verhoeff(code[:11] + code[12])


def dk_cpr(code: str) -> bool:
    return born(code, order="dmy") and weighted(code, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def se_person(code: str) -> bool:
    short = code[-10:]
    day = int(short[4:6])
    dated = short[:4] + f"{day - 60 if day > 60 else day:02}"  # a coordination number adds 60 to the day
    century = int(code[:2]) * 100 if len(code) == 12 else None
    return century in {None, 1800, 1900, 2000} and born(dated, century=century) and luhn(short)


def no_birth(code: str) -> bool:
    day = f"{int(code[:2]) % 40:02}" if int(code[:2]) > 40 else code[:2]
    month = int(code[2:4]) % 40
    first = -weighted(code, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
    second = -weighted(code, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return born(f"{day}{month:02}{code[4:6]}", order="dmy") and code[9:] == f"{first}{second}"


def fi_hetu(code: str) -> bool:
    digits = code if code[6].isdigit() else code[:6] + code[7:]
    numbers = digits[:9]
    return numbers.isdigit() and born(numbers, order="dmy") and HETU[int(numbers) % 31] == digits[9]


def ee_lt(code: str) -> bool:
    check = weighted(code, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = weighted(code, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return code[0] in "12345678" and born(code[1:7]) and check == int(code[10])


def lv_person(code: str) -> bool:
    check = (1101 - weighted(code, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return born(code, order="dmy") and check == int(code[10])


def pl_pesel(code: str) -> bool:
    dated = code[:2] + f"{int(code[2:4]) % 20:02}" + code[4:6]
    return born(dated) and -weighted(code, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10 == int(code[10])


def pl_nip(code: str) -> bool:
    return weighted(code, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(code[9]) and varied(code)


def cz_birth(code: str) -> bool:
    month = int(code[2:4]) % 50
    dated = code[:2] + f"{month - 20 if month > 20 else month:02}" + code[4:6]
    return born(dated) and int(code) % 11 == 0


def ro_cnp(code: str) -> bool:
    check = weighted(code, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return code[0] != "0" and born(code[1:7]) and (1 if check == 10 else check) == int(code[12])


def bg_egn(code: str) -> bool:
    month = int(code[2:4])
    dated = code[:2] + f"{month % 20:02}" + code[4:6]
    return born(dated) and weighted(code, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(code[9])


def yu_emso(code: str) -> bool:
    check = -weighted(code, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return born(code[:4] + code[5:7], order="dmy") and code[4] in "089" and check == int(code[12])


def gr_amka(code: str) -> bool:
    return born(code, order="dmy") and luhn(code)

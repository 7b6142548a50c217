"""The national ids that are known: a row each; the rules of their digits stand in `europe` and `overseas`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

from core.masking.detectors import europe, overseas
from core.masking.detectors.checks import mod11_10


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class National:
    """One id. In a form "9" is a digit, "A" a letter, "x" either; other characters stand for themselves."""

    country: str  # ISO 3166-1 alpha-2
    name: str
    source: str
    check: Callable[[str], bool]
    alone: tuple[str, ...] = ()  # forms so particular, with the check, that they count by themselves
    named: tuple[str, ...] = ()  # forms that many other numbers have: they count after one of `words`
    words: str = ""


def _row(
    country: str,
    name: str,
    check: Callable[[str], bool],
    alone: str,
    named: str,
    words: str,
    source: str,
) -> National:
    """Make a row; forms are apart by "|"."""
    return National(
        country=country,
        name=name,
        check=check,
        alone=tuple(filter(None, alone.split("|"))),
        named=tuple(filter(None, named.split("|"))),
        words=words,
        source=source,
    )


NINE, TEN, ELEVEN, TWELVE, THIRTEEN = ("9" * length for length in range(9, 14))

# country, name, check, forms alone, forms when named, the words that name it, who says so.
REGISTRY: Final[tuple[National, ...]] = (
    _row("US", "SSN", overseas.us_ssn, "999-99-9999", f"999 99 9999|{NINE}", "ssns?|social security[a-z .#]*", "SSA, POMS RM 10201"),
    _row("US", "ITIN", overseas.us_itin, "999-99-9999", f"999 99 9999|{NINE}", "itins?|taxpayer[a-z .#]*", "IRS, Internal Revenue Manual 3.21.263"),
    _row("GB", "NINO", europe.gb_nino, "AA999999A|AA 99 99 99 A|AA-99-99-99-A", "", "", "HMRC, National Insurance Manual NIM39110"),
    _row("GB", "NHS number", europe.gb_nhs, "", f"999 999 9999|999-999-9999|{TEN}", "nhs[a-z .#]*", "NHS Data Dictionary, NHS NUMBER"),
    _row("IE", "PPS number", europe.ie_pps, "9999999AA", "9999999A", "pps[a-z]?[a-z .#]*", "Department of Social Protection, PPS number"),
    _row("DE", "Steuer-ID", europe.de_tax, "99 999 999 999", ELEVEN, "steuer[a-z .-]*|idnr|tin|tax id[a-z]*", "BZSt, Steueridentifikationsnummer; AO 139b"),
    _row("DE", "Rentenversicherungsnummer", europe.de_pension, "99999999A999|99 999999 A 999|99 999999 A999", "", "", "SGB VI 147; VKVV 2"),
    _row("AT", "SVNR", europe.at_svnr, "", f"9999 999999|9999-999999|{TEN}", "svnr|sv-?n[a-z]*|sozialversicherung[a-z]*", "ASVG 31; Dachverband der Sozialversicherungsträger"),
    _row("CH", "AHV number", europe.ch_ahv, f"999.9999.9999.99|999 9999 9999 99|{THIRTEEN}", "", "", "AHVG 50c; ZAS, AHV-Nummer"),
    _row("FR", "NIR", europe.fr_nir, "9999999999999 99|9 99 99 99 999 999 99|999999999999999|9 99 99 9A 999 999 99|999999A99999999", "", "", "INSEE, numero d'inscription au repertoire"),
    _row("ES", "DNI", europe.es_dni, "99999999A|99999999-A|99.999.999-A", "99999999 A", "dni|nif", "Ministerio del Interior, calculo del digito de control del NIF"),
    _row("ES", "NIE", europe.es_nie, "A9999999A|A-9999999-A|A9999999-A", "A 9999999 A", "nie|nif", "Ministerio del Interior, calculo del digito de control del NIE"),
    _row("PT", "NIF", europe.pt_nif, "", f"{NINE}|999 999 999|999.999.999", "nif|contribuinte[a-z .]*", "Autoridade Tributaria, Decreto-Lei 14/2013"),
    _row("IT", "codice fiscale", europe.it_fiscal, "AAAAAAxxAxxAxxxA|AAA AAA xxAxx AxxxA", "", "", "Decreto ministeriale 23 dicembre 1976"),
    _row("NL", "BSN", europe.nl_bsn, "", f"{NINE}|9999.99.999|999.999.999|9999 99 999|999 999 999", "bsn|burgerservice[a-z]*|sofi[a-z-]*", "Rijksoverheid, Wet algemene bepalingen burgerservicenummer"),
    _row("BE", "rijksregisternummer", europe.be_national, "99.99.99-999.99|99.99.99-999-99", f"{ELEVEN}|999999 999 99|999999-999-99", "rijksregister[a-z]*|insz|niss|registre national|nn|rrn", "IBZ, Rijksregister; koninklijk besluit 3 april 1984"),
    _row("LU", "matricule", europe.lu_matricule, "", THIRTEEN, "matricule[a-z ]*|cns", "CCSS, matricule; loi du 19 juin 2013"),
    _row("DK", "CPR number", europe.dk_cpr, "999999-9999", TEN, "cpr[a-z.-]*|personnummer", "CPR-kontoret, Personnummeret i CPR"),
    _row("SE", "personnummer", europe.se_person, "999999-9999|99999999-9999", f"{TEN}|{TWELVE}", "personn[a-z]*|pnr", "Skatteverket, SKV 704"),
    _row("NO", "fodselsnummer", europe.no_birth, f"{ELEVEN}|999999 99999", "", "", "Skatteetaten, folkeregisterforskriften 2-2-1"),
    _row("FI", "HETU", europe.fi_hetu, "999999-999x|999999A999x", "", "", "Digi- ja vaestotietovirasto, henkilotunnus"),
    _row("EE", "isikukood", europe.ee_lt, "", ELEVEN, "isikukood[a-z]*", "Rahvastikuregistri seadus 39"),
    _row("LT", "asmens kodas", europe.ee_lt, "", ELEVEN, "asmens kod[a-z]*|a\\.k\\.", "Registru centras, asmens kodas"),
    _row("LV", "personas kods", europe.lv_person, "999999-99999", ELEVEN, "personas kod[a-z]*|p\\.k\\.", "PMLP, personas kods"),
    _row("PL", "PESEL", europe.pl_pesel, "", ELEVEN, "pesel[a-z]*", "Ustawa o ewidencji ludnosci, art. 15"),
    _row("PL", "NIP", europe.pl_nip, "999-999-99-99|999-99-99-999", f"{TEN}|999 999 99 99", "nip", "Ministerstwo Finansow, NIP"),
    _row("CZ", "rodne cislo", europe.cz_birth, "999999/9999", TEN, "rodn[a-z]* [a-z]*|r\\.? ?c\\.?", "Zakon 133/2000 Sb., par. 13 (also Slovakia)"),
    _row("RO", "CNP", europe.ro_cnp, "", THIRTEEN, "cnp[a-z-]*|cod numeric[a-z ]*", "Legea 105/1996; OUG 97/2005"),
    _row("BG", "EGN", europe.bg_egn, "", TEN, "egn|егн", "GRAO, ESGRAON"),
    _row("HR", "OIB", mod11_10, "", ELEVEN, "oib", "Pravilnik o osobnom identifikacijskom broju; ISO 7064"),
    _row("SI", "EMSO", europe.yu_emso, "", THIRTEEN, "em[sš]o|jmbg|mbg", "Zakon o centralnem registru prebivalstva"),
    _row("GR", "AMKA", europe.gr_amka, "", ELEVEN, "amka|αμκα", "IDIKA, AMKA"),
    _row("TR", "T.C. kimlik no", overseas.tr_kimlik, "", ELEVEN, "tckn|t\\.? ?c\\.?|kimlik[a-z .]*", "Nufus ve Vatandaslik Isleri, T.C. kimlik numarasi"),
    _row("IL", "teudat zehut", overseas.il_identity, "", NINE, "teudat[a-z ]*|t\\.?z\\.?|id number|תעודת זהות", "Ministry of Interior, identity number"),
    _row("RU", "SNILS", overseas.ru_snils, "999-999-999 99|999-999-999-99", ELEVEN, "snils|снилс", "Pension Fund of Russia, SNILS"),
    _row("RU", "INN", overseas.ru_inn, "", TWELVE, "inn|инн", "Federal Tax Service, INN"),
    _row("ZA", "ID number", overseas.za_identity, f"{THIRTEEN}|999999 9999 999|999999 9999 99 9", "", "", "Department of Home Affairs, Identification Act"),
    _row("CA", "SIN", overseas.ca_sin, "999-999-999", f"999 999 999|{NINE}", "sin|nas|social insurance[a-z .#]*|assurance sociale[a-z .#]*", "ESDC, Social Insurance Number code of practice"),
    _row("BR", "CPF", overseas.br_cpf, "999.999.999-99", f"{ELEVEN}|999999999-99", "cpf", "Receita Federal, Instrucao Normativa RFB 1548/2015"),
    _row("BR", "CNPJ", overseas.br_cnpj, "99.999.999/9999-99", "9" * 14, "cnpj", "Receita Federal, CNPJ"),
    _row("AR", "CUIT", overseas.ar_cuit, "99-99999999-9", ELEVEN, "cui[tl]", "AFIP, CUIT/CUIL"),
    _row("CL", "RUT", overseas.cl_rut, "99.999.999-x|9.999.999-x", "99999999-x|9999999-x", "ru[tn]|r\\.u\\.t\\.", "Registro Civil e Identificacion, RUN"),
    _row("MX", "CURP", overseas.mx_curp, "AAAA999999AAAAAAx9", "", "", "RENAPO, Instructivo normativo CURP"),
    _row("IN", "Aadhaar", overseas.in_aadhaar, "9999 9999 9999|9999-9999-9999", TWELVE, "aadh?aar[a-z .#]*|uid(?:ai)?|आधार", "UIDAI, numbering scheme (Verhoeff)"),
    _row("IN", "PAN", overseas.in_pan, "AAAAA9999A", "", "", "Income Tax Department, PAN structure"),
    _row("AU", "TFN", overseas.au_tfn, "", f"999 999 999|{NINE}", "tfn|tax file[a-z .#]*", "ATO, tax file number"),
    _row("AU", "Medicare number", overseas.au_medicare, "9999 99999 9", f"{TEN}|{ELEVEN}", "medicare[a-z .#]*", "Services Australia, Medicare card number"),
    _row("NZ", "IRD number", overseas.nz_ird, "", f"99-999-999|999-999-999|99999999|{NINE}|999 999 999", "ird[a-z .#]*", "Inland Revenue, validating IRD numbers"),
    _row("SG", "NRIC", overseas.sg_nric, "A9999999A", "", "", "ICA, NRIC and FIN"),
    _row("HK", "HKID", overseas.hk_identity, "", "A999999x|AA999999x", "hkid|identity card[a-z .#]*", "Immigration Department, Hong Kong identity card"),
    _row("TW", "identity number", overseas.tw_identity, "", "A" + NINE, "id(?: ?(?:no|number))?|身分證[字號]*|身份證[字號]*", "Ministry of the Interior, national identification card"),
    _row("CN", "resident identity number", overseas.cn_identity, "9" * 17 + "x", "", "", "GB 11643-1999"),
    _row("KR", "RRN", overseas.kr_resident, "999999-9999999", THIRTEEN, "rrn|주민등록번호|resident registration[a-z .#]*", "Resident Registration Act"),
    _row("JP", "My Number", overseas.jp_number, "", f"{TWELVE}|9999 9999 9999|9999-9999-9999", "my ?number|個人番号|マイナンバー", "Ministerial Ordinance 85 of 2014, art. 5"),
    _row("TH", "citizen number", overseas.th_citizen, "9-9999-99999-99-9", THIRTEEN, "citizen[a-z .#]*|บัตรประชาชน", "DOPA, identification number"),
    _row("MY", "MyKad", overseas.my_kad, "999999-99-9999", TWELVE, "mykad|nric|ic(?: no[a-z.]*)?|kad pengenalan", "JPN, MyKad"),
)  # fmt: skip

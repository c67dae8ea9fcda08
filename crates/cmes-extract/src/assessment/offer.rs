//! What an offer says of its price and of whom it is for.

use std::sync::LazyLock;

use regex::Regex;

use super::audience;
use crate::fold::fold;
use crate::places::Country;
use crate::trades::Proposal;

/// What is offered, as far as it can be read without a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    /// The first price that it states.
    pub price: Option<Price>,
    /// The size of company that it is meant for.
    pub target: Option<Target>,
    /// Countries that it is meant for.
    pub countries: Vec<Country>,
    /// Whether it finds people for open positions.
    pub is_for_hiring: bool,
}

/// A stated price.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// In units of the currency.
    pub amount: f64,
    /// ISO 4217 code.
    pub currency: String,
    /// How often it is paid.
    pub period: Period,
    /// For each user, employee or seat.
    pub is_per_head: bool,
}

/// How often a price is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Once, as far as is said.
    Once,
    /// Every month.
    Month,
    /// Every quarter of a year.
    Quarter,
    /// Every year.
    Year,
}

/// The size of company that an offer is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Below 50 people.
    Small,
    /// Between.
    Medium,
    /// From 250 people.
    Large,
    /// At least and at most so many people.
    Between(u32, u32),
}

const CURRENCIES: &[(&str, &str)] = &[
    ("us$", "USD"),
    ("a$", "AUD"),
    ("c$", "CAD"),
    ("r$", "BRL"),
    ("£", "GBP"),
    ("€", "EUR"),
    ("$", "USD"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₩", "KRW"),
    ("zł", "PLN"),
    ("zl", "PLN"),
    ("kč", "CZK"),
    ("kc", "CZK"),
    ("руб", "RUB"),
    ("gbp", "GBP"),
    ("eur", "EUR"),
    ("euro", "EUR"),
    ("usd", "USD"),
    ("chf", "CHF"),
    ("pln", "PLN"),
    ("czk", "CZK"),
    ("sek", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
    ("huf", "HUF"),
    ("ron", "RON"),
    ("cny", "CNY"),
    ("rmb", "CNY"),
    ("元", "CNY"),
    ("jpy", "JPY"),
    ("円", "JPY"),
    ("inr", "INR"),
    ("try", "TRY"),
    ("brl", "BRL"),
    ("mxn", "MXN"),
    ("aed", "AED"),
    ("sar", "SAR"),
    ("ils", "ILS"),
    ("₪", "ILS"),
    ("krw", "KRW"),
    ("aud", "AUD"),
    ("cad", "CAD"),
    ("uah", "UAH"),
    ("₴", "UAH"),
    ("pounds", "GBP"),
    ("dollars", "USD"),
];

const NUMBER: &str = r"(?P<n>\d{1,3}(?:[., '’\x{a0}\x{202f}]\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)\s?(?P<k>k|tsd\.?|тыс\.?|thousand|mio\.?|million|m|млн\.?)?";
static PRICES: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    let mut signs: Vec<String> = CURRENCIES.iter().map(|(sign, _)| regex::escape(sign)).collect();
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.len()));
    let signs = signs.join("|");
    [format!(r"(?P<c>{signs})\s?{NUMBER}"), format!(r"{NUMBER}\s?(?P<c>{signs})")]
        .map(|pattern| Regex::new(&pattern).expect("the pattern is fixed and was tried by the tests"))
});

const PERIODS: &[(Period, &[&str])] = &[
    (
        Period::Month,
        &[
            "month", "/mo", "p.m.", "monat", "mois", "mes ", "mese", "maand", "miesi", "mesic", "mesi", "мес", "ay ",
            "月", "개월", "mensual", "mensuel", "mensile", "manad", "kuukau",
        ],
    ),
    (Period::Quarter, &["quarter", "quartal", "trimest", "kwarta", "квартал"]),
    (
        Period::Year,
        &[
            "year", "annual", "p.a.", "jahr", "/an", " an ", "par an", "ano ", "año", "anno", "jaar", "rok", "rocznie",
            "rocne", "год", "yil", "年", "연간", " ar ", "vuosi",
        ],
    ),
];
const HEADS: &[&str] = &[
    "user",
    "seat",
    "employee",
    "head",
    "license",
    "licence",
    "nutzer",
    "benutzer",
    "mitarbeiter",
    "arbeitsplatz",
    "lizenz",
    "utilisateur",
    "salarie",
    "poste",
    "usuario",
    "empleado",
    "utente",
    "dipendente",
    "gebruiker",
    "medewerker",
    "uzytkownik",
    "pracownik",
    "uzivatel",
    "пользовател",
    "сотрудник",
    "ユーザー",
    "用户",
    "사용자",
    "kullanici",
    "anvandare",
];
const TARGETS: &[(Target, &[&str])] = &[
    (
        Target::Large,
        &[
            "enterprise-grade",
            "for enterprises",
            "large compan",
            "large enterprise",
            "corporations",
            "grossunternehmen",
            "konzerne",
            "grandes entreprises",
            "grandes empresas",
            "grandi imprese",
            "duzych firm",
            "крупных компан",
            "крупного бизнес",
            "大企業",
            "大型企业",
            "대기업",
        ],
    ),
    (
        Target::Small,
        &[
            "small business",
            "small compan",
            "small firms",
            "micro",
            "start-up",
            "startups",
            "freelanc",
            "sole trader",
            "kleine unternehmen",
            "kleinunternehmen",
            "selbststandig",
            "handwerksbetrieb",
            "petites entreprises",
            " tpe",
            "pequenas empresas",
            "autonom",
            "piccole imprese",
            "malych firm",
            "малого бизнес",
            "小企業",
            "小型企业",
            "소기업",
        ],
    ),
    (
        Target::Medium,
        &[
            "mid-sized",
            "mid-market",
            "medium-sized",
            "smb",
            " sme",
            "mittelstand",
            "mittelstandisch",
            " pme",
            "pymes",
            " pmi ",
            " mkb",
            " msp ",
            "среднего бизнес",
            "中小企業",
            "中小企业",
            "중소기업",
        ],
    ),
];

/// Letters after a price that say how it is paid.
const AFTER: usize = 60;

impl Offer {
    /// Reads an offer; of a long one, the beginning.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let folded = fold(crate::page::prefix(text, 20_000));
        let named = TARGETS.iter().find(|(_, words)| words.iter().any(|word| folded.contains(word)));
        Self {
            price: price(&folded),
            target: audience::heads(&folded).or(named.map(|(target, _)| *target)),
            countries: audience::countries(&folded),
            is_for_hiring: Proposal::read(text).sold.iter().any(|trade| trade.id == "recruiting"),
        }
    }
}

fn price(folded: &str) -> Option<Price> {
    let found = PRICES
        .iter()
        .filter_map(|pattern| pattern.captures(folded))
        .min_by_key(|found| found.get(0).map(|whole| whole.start()))?;
    let sign = found.name("c")?.as_str();
    let (_, currency) = CURRENCIES.iter().find(|(known, _)| fold(known) == sign || *known == sign)?;
    let amount = amount(found.name("n")?.as_str())? * multiplier(found.name("k").map_or("", |k| k.as_str()));
    let rest = folded.get(found.get(0)?.end()..)?.trim_start_matches('.');
    let end = rest.char_indices().nth(AFTER).map_or(rest.len(), |(at, _)| at);
    // What follows in the next sentence is said of something else.
    let around = format!("{} ", rest.get(..end)?.split(['\n', ';', '!', '?']).next().unwrap_or_default());
    let around = around.split(". ").next().unwrap_or_default();
    let period = PERIODS.iter().find(|(_, words)| words.iter().any(|word| around.contains(word)));
    Some(Price {
        amount,
        currency: (*currency).to_owned(),
        period: period.map_or(Period::Once, |(period, _)| *period),
        is_per_head: HEADS.iter().any(|word| around.contains(word)),
    })
    .filter(|price| price.amount > 0.0)
}

fn amount(written: &str) -> Option<f64> {
    let last = written.rfind(['.', ',']);
    let has_decimals = last.is_some_and(|at| written.len() - at <= 3);
    let (whole, decimals) = match last.filter(|_| has_decimals) {
        Some(at) => (written.get(..at)?, written.get(at + 1..)?),
        None => (written, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("{digits}.{decimals}0").parse().ok()
}

fn multiplier(word: &str) -> f64 {
    match word.trim_end_matches('.') {
        "k" | "tsd" | "тыс" | "thousand" => 1e3,
        "mio" | "million" | "m" | "млн" => 1e6,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_with_how_they_are_paid() {
        let check = |text: &str, expected: Option<(f64, &str, Period, bool)>| {
            let found = Offer::read(text).price;
            let found = found.as_ref().map(|p| (p.amount, p.currency.as_str(), p.period, p.is_per_head));
            assert_eq!(found, expected, "{text}");
        };
        check("CRM for £25 per user per month", Some((25.0, "GBP", Period::Month, true)));
        check("ERP-Einführung ab 12.500 €", Some((12_500.0, "EUR", Period::Once, false)));
        check("Wartung für 1.200,50 EUR im Jahr", Some((1_200.5, "EUR", Period::Year, false)));
        check("Websites from $5k", Some((5_000.0, "USD", Period::Once, false)));
        check("Maintenance: US$ 1,500/month. Yearly audits on request", Some((1_500.0, "USD", Period::Month, false)));
        check("Abonnement 99 € par utilisateur et par mois", Some((99.0, "EUR", Period::Month, true)));
        check("Сопровождение 15 000 руб. в месяц", Some((15_000.0, "RUB", Period::Month, false)));
        check("System od 2 500 zł rocznie", Some((2_500.0, "PLN", Period::Year, false)));
        check("月額5,000円", Some((5_000.0, "JPY", Period::Once, false)));
        check("Pumps with 25 kW", None);
        check("", None);
    }

    #[test]
    fn whom_it_is_for() {
        let target = |text: &str| Offer::read(text).target;
        assert_eq!(target("Accounting for small businesses"), Some(Target::Small));
        assert_eq!(target("ERP für den Mittelstand"), Some(Target::Medium));
        assert_eq!(target("Security for large enterprises"), Some(Target::Large));
        assert_eq!(target("Pumps"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_offer_panics(text in "\\PC{0,200}") {
            let _ = Offer::read(&text);
        }
    }
}

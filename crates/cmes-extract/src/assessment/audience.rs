//! Whom an offer is for: so many people, in that country.

use std::sync::LazyLock;

use regex::Regex;

use super::Target;
use crate::places::Country;

/// A number of people that customers are to have.
static SIZES: LazyLock<Regex> = LazyLock::new(|| {
    let heads = r"(?:employees|people|staff|mitarbeit\w*|beschaftigt\w*|salari\w*|emplead\w*|dipendent\w*|colaborador\w*|funcionari\w*|medewerkers|pracownik\w*|сотрудник\w*)";
    Regex::new(&format!(
        r"\b(?P<from>\d{{1,5}})\s*(?:-|to|bis|und|and|a|y|do|tot|до)\s*(?P<to>\d{{1,5}})\s+{heads}|\b(?:up to|bis(?: zu)?|jusqu'a|hasta|fino a|ate|do|tot|до)\s+(?P<most>\d{{1,5}})\s+{heads}|\b(?:from|over|more than|at least|ab|uber|mindestens|plus de|a partir de|mas de|desde|oltre|piu di|mais de|vanaf|od|ponad|от|свыше)\s+(?P<least>\d{{1,5}})\s+{heads}|\b(?P<more>\d{{1,5}})\s+{heads}\s+(?:and|or) more"
    ))
    .expect("the pattern is fixed and was tried by the tests")
});

/// The size of company that an offer names as a number.
pub(super) fn heads(folded: &str) -> Option<Target> {
    let found = SIZES.captures(folded)?;
    let number = |name| found.name(name).and_then(|digits| digits.as_str().parse::<u32>().ok());
    let least = number("from").or_else(|| number("least")).or_else(|| number("more")).unwrap_or(1);
    let most = number("to").or_else(|| number("most")).unwrap_or(u32::MAX);
    (least <= most).then_some(Target::Between(least, most))
}

/// Adjectives of countries that stand at a word for companies, folded.
const PEOPLES: &[(&str, &str)] = &[
    ("british", "GB"),
    ("english", "GB"),
    ("american", "US"),
    ("german", "DE"),
    ("deutsche", "DE"),
    ("french", "FR"),
    ("francais", "FR"),
    ("spanish", "ES"),
    ("espanol", "ES"),
    ("italian", "IT"),
    ("polish", "PL"),
    ("polski", "PL"),
    ("dutch", "NL"),
    ("swiss", "CH"),
    ("schweizer", "CH"),
    ("suisse", "CH"),
    ("austrian", "AT"),
    ("osterreichisch", "AT"),
    ("swedish", "SE"),
    ("danish", "DK"),
    ("norwegian", "NO"),
    ("finnish", "FI"),
    ("mexican", "MX"),
    ("brasileir", "BR"),
    ("brazilian", "BR"),
    ("российск", "RU"),
];
static PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
    let names = PEOPLES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("|");
    let before = "compan|business|firm|manufactur|shop|retail|enterprise|unternehmen|betrieb|firmen|компани|предприят";
    let behind = "entreprises|tpe|pme|societes|empresas|pymes|aziende|imprese|pmi|firmy";
    Regex::new(&format!(r"\b(?P<a>{names})\w*\s+(?:{before})|\b(?:{behind})\s+(?P<b>{names})"))
        .expect("the pattern is fixed and was tried by the tests")
});

/// Countries that an offer names behind "in", or as those of its customers.
pub(super) fn countries(folded: &str) -> Vec<Country> {
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut found: Vec<Country> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !matches!(*word, "in" | "en" | "au" | "w" | "em" | "no" | "в") {
            continue;
        }
        let rest = words.get(at + 1..).unwrap_or_default();
        let rest = if rest.first() == Some(&"the") { rest.get(1..).unwrap_or_default() } else { rest };
        // The name may be of several words, the longest first.
        let named =
            (1..=3).rev().filter_map(|count| rest.get(..count)).find_map(|name| Country::from_name(&name.join(" ")));
        found.extend(named);
    }
    for people in PEOPLE.captures_iter(folded) {
        let name = people.name("a").or(people.name("b")).map_or("", |name| name.as_str());
        let code = PEOPLES.iter().find(|(known, _)| *known == name).map_or("", |(_, code)| *code);
        found.extend(Country::from_code(code));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::Offer;

    #[test]
    fn how_many_people_it_is_for() {
        let target = |text: &str| Offer::read(text).target;
        assert_eq!(target("IT for companies with 100 to 500 employees"), Some(Target::Between(100, 500)));
        assert_eq!(target("Buchhaltung für Betriebe bis 10 Mitarbeiter"), Some(Target::Between(1, 10)));
        assert_eq!(target("Mutuelle pour les TPE de 5 à 20 salariés"), Some(Target::Between(5, 20)));
        assert_eq!(target("Meals for companies with 100 employees and more"), Some(Target::Between(100, u32::MAX)));
        assert_eq!(target("Leasing ab 100 Mitarbeitenden"), Some(Target::Between(100, u32::MAX)));
    }

    #[test]
    fn where_it_is_for() {
        let codes =
            |text: &str| Offer::read(text).countries.iter().map(|one| one.code().to_owned()).collect::<Vec<_>>();
        assert_eq!(codes("Pipeline setup for sales teams in the UK"), ["GB"]);
        assert_eq!(codes("Care plan for British companies"), ["GB"]);
        assert_eq!(codes("Mutuelle pour les TPE françaises"), ["FR"]);
        assert_eq!(codes("Wartung in Deutschland"), ["DE"]);
        assert_eq!(codes("French fries and English lessons"), Vec::<String>::new());
    }
}

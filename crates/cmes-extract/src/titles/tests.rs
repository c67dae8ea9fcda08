use std::collections::BTreeSet;

use super::catalogue::{Meaning, all};
use super::*;

/// Titles and their translations, written from general knowledge before the catalogue was tried on them.
const EXAMPLES: &str = include_str!("examples.tsv");
const TARGETS: [&str; 9] = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru"];

fn given(title: &str, spoken: &str, to: &str) -> Given {
    translate(title, spoken.parse().ok(), to.parse().expect("a language"), &["Leipzig"])
}

fn check(title: &str, spoken: &str, to: &str, expected: &str) {
    match given(title, spoken, to) {
        Given::Translated(text, _) => assert_eq!(text, expected, "{title} to {to}"),
        Given::AsIs => assert_eq!(title, expected, "{title} to {to}"),
        Given::Unknown => panic!("{title} is not known in {to}"),
    }
}

#[test]
fn titles_are_given_in_the_language_of_the_answer() {
    let mut languages = BTreeSet::new();
    let mut wrong = Vec::new();
    let lines = EXAMPLES.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let [spoken, title, to, right] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        languages.insert(spoken);
        let text = match given(title, spoken, to) {
            Given::Translated(text, _) => text,
            Given::AsIs => title.to_owned(),
            Given::Unknown => "not known".to_owned(),
        };
        if !right.split(" | ").any(|right| right == text) {
            wrong.push(format!("{line}: {text}"));
        }
    }
    assert!(languages.len() >= 12, "{languages:?}");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_title_in_the_language_of_the_answer_stays() {
    for (title, spoken, to) in [
        ("Geschäftsführer", "de", "de"),
        ("geschäftsführerin", "de", "de"),
        ("Leiterin Customer Success", "de", "de"),
        ("Head of Sales", "fr", "en"),
        ("Directeur technique", "fr", "fr"),
        ("CEO", "sv", "en"),
        ("Director", "es", "en"),
    ] {
        assert_eq!(given(title, spoken, to), Given::AsIs, "{title}");
    }
}

#[test]
fn what_is_not_wholly_understood_stays_as_it_is() {
    for title in [
        "Leiterin Zauberei",
        "Chief Happiness Officer",
        "Ortopedista - Joelho",
        "Geschäftsführer der Nordwind GmbH",
        "Senior",
        "of Sales",
        "Sales Manager 42",
        "Head of",
        "und",
        "&",
        "(",
        "Geschäftsführer?",
        "<b>CEO</b>",
        "",
    ] {
        assert_eq!(given(title, "de", "fr"), Given::Unknown, "{title}");
    }
    // No names of positions in that language yet.
    assert_eq!(given("Geschäftsführer", "de", "sv"), Given::Unknown);
    assert!(names_in("de".parse().expect("a language")) && !names_in("sv".parse().expect("a language")));
}

#[test]
fn who_is_meant_is_said_as_the_site_says_it() {
    check("Leiterin Einkauf", "de", "es", "Jefa de compras");
    check("Leiter Einkauf", "de", "es", "Jefe de compras");
    check("Gérante, directrice artistique", "fr", "de", "Geschäftsführerin, Artdirectorin");
    // Nothing says it: the office where it has a name, else the form that stands for all.
    check("Head of Sales", "en", "de", "Vertriebsleitung");
    check("Founder & Managing Director", "en", "de", "Gründer & Geschäftsführer");
    check("Leiter*in Marketing", "de", "fr", "Responsable marketing");
    check("Gründer/in", "de", "en", "Founder");
}

#[test]
fn places_stay_and_countries_are_named_in_the_language() {
    check("Leiterin Verkauf Schweiz", "de", "fr", "Responsable commerciale, Suisse");
    check("Sales Director (Poland)", "en", "de", "Vertriebsdirektor (Polen)");
    check("Niederlassungsleiter Leipzig", "de", "en", "Branch Manager, Leipzig");
    check("Sales Manager DACH", "en", "es", "Responsable de ventas, DACH");
    assert_eq!(given("Niederlassungsleiter Musterhausen", "de", "en"), Given::Unknown);
}

#[test]
fn a_language_that_is_not_the_sites_is_known_by_its_words_when_they_are_clear() {
    check("Geschäftsführer", "xx", "en", "Managing Director");
    check("Geschäftsführer", "en", "fr", "Gérant");
    check("Ügyvezető", "sk", "en", "Managing Director");
    check("Генеральный директор", "xx", "en", "CEO");
}

#[test]
fn all_that_a_target_language_lacks_is_told() {
    let english = catalogue::of(LanguageCode::ENGLISH).expect("English");
    let entries: BTreeSet<String> = include_str!("../../data/titles/en.txt")
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(id, _)| id.to_owned())
        .filter(|id| !id.contains('.'))
        .collect();
    for code in TARGETS {
        let file =
            std::fs::read_to_string(format!("{}/data/titles/{code}.txt", env!("CARGO_MANIFEST_DIR"))).expect("a file");
        let own: BTreeSet<String> =
            file.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id.to_owned()).collect();
        let missing: Vec<&String> = entries.difference(&own).collect();
        assert!(missing.is_empty(), "{code}: {missing:?}");
        assert!(names_in(code.parse().expect("a language")));
    }
    assert!(!english.senses("managing director").is_empty());
    assert!(all().count() >= 30);
    assert_eq!(all().filter(|language| language.is_target).count(), TARGETS.len());
    // Every language knows who leads a company, and what sells.
    for language in all() {
        let knows = |meaning: fn(&Meaning) -> bool| language.meanings().any(meaning);
        assert!(knows(|meaning| matches!(meaning, Meaning::Position(_))), "{:?}", language.code);
        assert!(knows(|meaning| matches!(meaning, Meaning::Rank(_))), "{:?}", language.code);
        assert!(knows(|meaning| matches!(meaning, Meaning::Function(_))), "{:?}", language.code);
    }
}

/// Whatever a title is given as, it is understood in the language that it is given in.
#[test]
fn every_translation_can_be_read_again() {
    let lines = EXAMPLES.lines().filter(|line| !line.starts_with('#'));
    let mut wrong = Vec::new();
    for line in lines {
        let Some((spoken, rest)) = line.split_once('\t') else { continue };
        let title = rest.split('\t').next().unwrap_or_default();
        for to in TARGETS {
            let Given::Translated(text, _) = given(title, spoken, to) else { continue };
            let is_lower = text.chars().next().is_none_or(char::is_lowercase);
            if given(&text, to, to) != Given::AsIs || is_lower || text.contains("  ") || text.contains('{') {
                wrong.push(format!("{title} in {to}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn hostile_titles_end_soon() {
    let long =
        ["Sales, ".repeat(28), "senior ".repeat(28), "de ".repeat(60), "営業部長".repeat(16), "sales & ".repeat(24)];
    for title in long {
        for to in TARGETS {
            let _ = given(&title, "fr", to);
        }
    }
}

/// The assessment of an offer knows who decides by the words of a position; in the language of the
/// answer it has to know them as well.
#[test]
fn who_decides_is_known_in_every_language_of_the_answer() {
    let mut unknown = Vec::new();
    for title in
        ["Geschäftsführer", "Inhaberin", "Leiter Einkauf", "Einkaufsleiterin", "Gründer", "Vorstandsvorsitzender"]
    {
        for to in TARGETS {
            let text = match given(title, "de", to) {
                Given::Translated(text, _) => text,
                Given::AsIs => title.to_owned(),
                Given::Unknown => panic!("{title} is not known in {to}"),
            };
            if !crate::assessment::decides(&text) {
                unknown.push(format!("{title} in {to}: {text}"));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

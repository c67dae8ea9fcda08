use cmes_types::{Contact, Email};

use super::*;

/// Pounds for the currencies of these tests.
fn rate(currency: &str) -> Option<f64> {
    match currency {
        "GBP" => Some(1.0),
        "EUR" => Some(0.84),
        "USD" => Some(0.75),
        _ => None,
    }
}

fn figures(signals: &Signals, offer: &str) -> (u64, u8) {
    let assessment = assess(signals, &Offer::read(offer), None, rate);
    (assessment.budget_gbp, assessment.probability)
}

fn country(code: &str) -> Option<Country> {
    Country::from_code(code)
}

fn employees(from: u32, to: u32) -> Option<Employees> {
    Some(Employees { from, to })
}

/// A company of 30 people in Germany, about which little is known.
fn plain() -> Signals {
    Signals {
        fit: Some(0.5),
        employees: employees(30, 30),
        country: country("DE"),
        reach: Reach::General,
        ..Signals::default()
    }
}

/// The same in a relation to the offer.
fn related(relation: Relation) -> Signals {
    Signals { relation: Some(relation), ..plain() }
}

/// What differs, a company with an offer, and one that has to come behind it.
type Pair = (&'static str, (Signals, &'static str), (Signals, &'static str));

#[test]
fn the_figures_follow_the_signals() {
    let plain = plain();
    let by_budget: Vec<Pair> = vec![
        ("fit", (Signals { fit: Some(0.9), ..plain.clone() }, ""), (plain.clone(), "")),
        ("no fit", (plain.clone(), ""), (Signals { fit: Some(0.0), ..plain.clone() }, "")),
        ("size", (Signals { employees: employees(300, 300), ..plain.clone() }, ""), (plain.clone(), "")),
        ("a range", (Signals { employees: employees(50, 250), ..plain.clone() }, ""), (plain.clone(), "")),
        ("micro", (plain.clone(), ""), (Signals { employees: employees(2, 2), ..plain.clone() }, "")),
        (
            "people seen",
            (Signals { employees: None, people: 20, ..plain.clone() }, ""),
            (Signals { employees: None, people: 3, ..plain.clone() }, ""),
        ),
        (
            "places seen",
            (Signals { employees: None, locations: 5, ..plain.clone() }, ""),
            (Signals { employees: None, ..plain.clone() }, ""),
        ),
        ("income", (plain.clone(), ""), (Signals { country: country("BR"), ..plain.clone() }, "")),
        (
            "low income",
            (Signals { country: country("IN"), ..plain.clone() }, ""),
            (Signals { country: country("UG"), ..plain.clone() }, ""),
        ),
        ("growth", (Signals { open_positions: 6, ..plain.clone() }, ""), (plain.clone(), "")),
        (
            "a higher price",
            (plain.clone(), "Software for £900 per month"),
            (plain.clone(), "Software for £90 per month"),
        ),
        (
            "paid each month",
            (plain.clone(), "Support for £500 per month"),
            (plain.clone(), "Support for £500 per year"),
        ),
        ("paid a head", (plain.clone(), "CRM at £25 per user per month"), (plain.clone(), "CRM at £25 per month")),
        (
            "more heads",
            (Signals { employees: employees(200, 200), ..plain.clone() }, "CRM at £25 per user per month"),
            (plain.clone(), "CRM at £25 per user per month"),
        ),
        (
            "another currency",
            (plain.clone(), "Support for £500 per month"),
            (plain.clone(), "Support for $500 per month"),
        ),
    ];
    for (what, (better, offer), (worse, other)) in &by_budget {
        let (more, less) = (figures(better, offer).0, figures(worse, other).0);
        assert!(more > less, "{what}: {more} and {less}");
    }
    let by_probability: Vec<Pair> = vec![
        ("fit", (Signals { fit: Some(0.8), ..plain.clone() }, ""), (Signals { fit: Some(0.2), ..plain.clone() }, "")),
        (
            "fit before size",
            (Signals { fit: Some(0.9), ..plain.clone() }, ""),
            (Signals { fit: Some(0.3), employees: employees(5_000, 5_000), ..plain.clone() }, ""),
        ),
        (
            "unknown fit before none",
            (Signals { fit: None, ..plain.clone() }, ""),
            (Signals { fit: Some(0.0), ..plain.clone() }, ""),
        ),
        (
            "good fit before unknown",
            (Signals { fit: Some(0.7), ..plain.clone() }, ""),
            (Signals { fit: None, ..plain.clone() }, ""),
        ),
        ("who buys", (related(Relation::Buys("seals".into())), ""), (plain.clone(), "")),
        (
            "whom it is for",
            (related(Relation::MeantFor("pumps".into())), ""),
            (related(Relation::Buys("seals".into())), ""),
        ),
        (
            "no competitor",
            (related(Relation::MeantForOthers("law".into())), ""),
            (related(Relation::SellsTheSame("law".into())), ""),
        ),
        (
            "a competitor by words alone",
            (Signals { fit: None, ..plain.clone() }, ""),
            (Signals { fit: None, ..related(Relation::SellsTheSame("law".into())) }, ""),
        ),
        (
            "the number of people",
            (plain.clone(), "For firms with 20 to 50 employees"),
            (plain.clone(), "For firms with 100 to 500 employees"),
        ),
        ("the country", (plain.clone(), "Audits in Germany"), (plain.clone(), "Audits in the UK")),
        (
            "what it does not use",
            (plain.clone(), "Plans for shops"),
            (Signals { lacking: vec!["Shopify".into()], ..plain.clone() }, "Plans for shops"),
        ),
        (
            "people to find",
            (Signals { open_positions: 1, ..plain.clone() }, "Recruiting of developers"),
            (plain.clone(), "Recruiting of developers"),
        ),
        (
            "a technology in use",
            (Signals { technologies: vec!["Shopify".into()], ..plain.clone() }, ""),
            (plain.clone(), ""),
        ),
        (
            "two of them",
            (Signals { technologies: vec!["Shopify".into(), "Klaviyo".into()], ..plain.clone() }, ""),
            (Signals { technologies: vec!["Shopify".into()], ..plain.clone() }, ""),
        ),
        ("hiring", (Signals { open_positions: 1, ..plain.clone() }, ""), (plain.clone(), "")),
        (
            "much hiring",
            (Signals { open_positions: 7, ..plain.clone() }, ""),
            (Signals { open_positions: 1, ..plain.clone() }, ""),
        ),
        (
            "a decider",
            (Signals { reach: Reach::Decider, ..plain.clone() }, ""),
            (Signals { reach: Reach::Direct, ..plain.clone() }, ""),
        ),
        ("a person", (Signals { reach: Reach::Person, ..plain.clone() }, ""), (plain.clone(), "")),
        ("a mailbox", (plain.clone(), ""), (Signals { reach: Reach::Nobody, ..plain.clone() }, "")),
        ("the language", (Signals { same_language: true, ..plain.clone() }, ""), (plain.clone(), "")),
        ("meant for it", (plain.clone(), "Accounting for small businesses"), (plain.clone(), "Accounting")),
        ("meant for others", (plain.clone(), "Accounting"), (plain.clone(), "Accounting for large enterprises")),
        (
            "meant for the large",
            (Signals { employees: employees(900, 900), ..plain.clone() }, "Accounting for large enterprises"),
            (plain.clone(), "Accounting for large enterprises"),
        ),
        (
            "all together",
            (Signals { fit: Some(0.8), reach: Reach::Decider, same_language: true, ..plain.clone() }, ""),
            (Signals { fit: Some(0.8), ..plain.clone() }, ""),
        ),
    ];
    for (what, (better, offer), (worse, other)) in &by_probability {
        let (more, less) = (figures(better, offer).1, figures(worse, other).1);
        assert!(more > less, "{what}: {more} and {less}");
    }
    assert!(by_budget.len() + by_probability.len() > 30);
}

#[test]
fn the_scoring_is_that_of_the_documentation() {
    let signals = Signals {
        fit: Some(0.6),
        employees: employees(140, 140),
        country: country("DE"),
        open_positions: 2,
        reach: Reach::Decider,
        ..Signals::default()
    };
    let assessment = assess(&signals, &Offer::default(), None, rate);
    assert_eq!(assessment.probability, 8 + 27 + 4 + 8);
    // 400 × 140^0.85 × 1.02 (fit) × 1.1 (hiring) = 29,934.
    assert_eq!(assessment.budget_gbp, 30_000);
    let names: Vec<&str> = assessment.shares.iter().map(|share| share.signal).collect();
    assert_eq!(names, ["Fit", "Size", "Country", "Hiring", "Contacts"]);
    let again = assess(&signals, &Offer::default(), None, rate);
    assert_eq!(assessment, again);
}

#[test]
fn a_model_moves_the_figures_within_bounds() {
    let plain = plain();
    let with = |opinion| assess(&plain, &Offer::default(), Some(opinion), rate);
    let without = assess(&plain, &Offer::default(), None, rate);
    assert_eq!(with(Opinion::Unclear).probability, without.probability);
    assert_eq!(with(Opinion::Unclear).budget_gbp, without.budget_gbp);
    assert_eq!(with(Opinion::Possible).probability, without.probability + 7);
    assert_eq!(with(Opinion::Likely).probability, without.probability + 14);
    assert_eq!(with(Opinion::Unlikely).probability, without.probability - 14);
    assert!(with(Opinion::Likely).budget_gbp <= without.budget_gbp * 21 / 10);
    assert!(with(Opinion::Unlikely).budget_gbp * 21 / 10 >= without.budget_gbp);
}

#[test]
fn texts_that_are_alike_are_no_fit_for_a_competitor() {
    let alike = Signals { fit: Some(0.95), ..plain() };
    let other = Signals { fit: Some(0.3), ..plain() };
    let competitor = assess(&alike, &Offer::default(), Some(Opinion::Competitor), rate);
    let customer = assess(&other, &Offer::default(), Some(Opinion::Possible), rate);
    assert!(competitor.probability < customer.probability && competitor.budget_gbp < customer.budget_gbp);
}

#[test]
fn figures_keep_within_their_ranges() {
    let hopeless = Signals { fit: Some(0.0), ..Signals::default() };
    let least = assess(&hopeless, &Offer::read("for large enterprises"), Some(Opinion::Competitor), rate);
    assert!((1..=8).contains(&least.probability), "{least:?}");
    let perfect = Signals {
        fit: Some(7.0),
        employees: employees(4_000_000_000, 4_000_000_000),
        technologies: vec!["A".into(), "B".into(), "C".into()],
        open_positions: 900,
        reach: Reach::Decider,
        same_language: true,
        ..Signals::default()
    };
    let most = assess(&perfect, &Offer::read("£999,999,999 per user per month"), Some(Opinion::Likely), rate);
    assert!(most.probability <= 95 && most.budget_gbp <= 1_000_000_000_000, "{most:?}");
    let nan = assess(&Signals { fit: Some(f64::NAN), ..plain() }, &Offer::default(), None, rate);
    assert!(nan.probability >= 1);
}

#[test]
fn signals_come_from_the_profile() {
    let data = CompanyData {
        technologies: vec!["Shopify".into(), "WordPress".into()],
        emails: vec![Email { email: "info@x.example".into(), primary: true }],
        contacts: vec![Contact {
            name: "Ann Lee".into(),
            job_position: "Managing Director".into(),
            email: "ann@x.example".into(),
            phone: String::new(),
        }],
        language: "en".into(),
        ..CompanyData::default()
    };
    let signals = Signals::of(&data, "We build Shopify apps that bring the customers of your shop back to it.");
    assert_eq!(signals.technologies, ["Shopify"]);
    assert_eq!((signals.reach, signals.people, signals.same_language), (Reach::Decider, 1, true));
    assert_eq!(Signals::of(&data, "Wordpressing").technologies, Vec::<String>::new());
}

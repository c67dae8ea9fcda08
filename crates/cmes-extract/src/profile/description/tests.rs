use url::Url;

use super::*;
use crate::page::{RawPage, read};

const GERMAN: &str = "<html lang=de><title>Kreiselpumpen für Schiffbau | Nordwind</title>\
    <link rel=alternate hreflang=en href=/en/><main><h1>Pumpen aus Hamburg</h1>\
    <p>Wir entwickeln und fertigen Kreiselpumpen für Werften und die Wasserwirtschaft in ganz Europa.\
    <p>Gegründet 1962, beschäftigt das Unternehmen heute 85 Mitarbeiter.</main>";
const ENGLISH: &str = "<html lang=en><main><h1>Pumps</h1><p>We develop and manufacture centrifugal pumps for \
    shipyards and for water works all over Europe.</main>";

fn page(path: &str, html: &str) -> Page {
    let url = Url::parse(&format!("https://www.nordwind.example{path}")).expect("a URL");
    read(&RawPage { url: &url, headers: &[], html })
}

/// What becomes of a profile whose `Business` is the site's own.
fn described(html: &str, translation: Option<&str>, language: &str) -> (String, Vec<Evidence>) {
    let pages = [page("/", html)];
    let translations: Vec<Page> = translation.map(|html| page("/en/", html)).into_iter().collect();
    let address = cmes_types::Address { city: "Hamburg".into(), country: "Germany".into(), ..Default::default() };
    let mut data = CompanyData {
        company_name: "Nordwind GmbH".into(),
        business: "Another text.".into(),
        address,
        ..CompanyData::default()
    };
    let brief = Brief::read(&pages, &data);
    let language = language.parse().expect("a language");
    let told = Told { pages: &pages, translations: &translations, brief: &brief, language };
    let mut evidence = vec![Evidence { field: "Business".into(), ..Evidence::default() }];
    describe(&mut data, &mut evidence, &told);
    (data.business, evidence)
}

#[test]
fn a_site_speaks_for_itself_in_its_language() {
    let (text, evidence) = described(GERMAN, None, "de");
    assert!(text.starts_with("Wir entwickeln und fertigen Kreiselpumpen"), "{text}");
    assert_eq!((evidence.len(), evidence[0].method), (1, Method::Text));
    let (text, evidence) = described(GERMAN, Some(ENGLISH), "en");
    assert_eq!(text, "We develop and manufacture centrifugal pumps for shipyards and for water works all over Europe.");
    assert_eq!(evidence[0].url, "https://www.nordwind.example/en/");
}

#[test]
fn in_another_language_phrases_say_what_the_facts_say() {
    for (language, expected) in [
        (
            "en",
            "Nordwind GmbH is a manufacturer of pumps. Customers and markets: shipbuilding, water utilities. \
             Location: Hamburg, Germany. Founded in 1962. Medium-sized enterprise, about 85 employees.",
        ),
        ("fr", "Nordwind GmbH est un fabricant de pompes. Clients et marchés :"),
        ("es", "Nordwind GmbH es un fabricante de bombas. Clientes y mercados:"),
        ("it", "Nordwind GmbH è un produttore di pompe. Clienti e mercati:"),
        ("pt", "Nordwind GmbH é um fabricante de bombas. Clientes e mercados:"),
        ("nl", "Nordwind GmbH is een fabrikant van pompen. Klanten en markten:"),
        ("pl", "Nordwind GmbH to producent pomp. Klienci i rynki:"),
        ("ru", "Nordwind GmbH — производитель насосов. Клиенты и рынки:"),
    ] {
        let (text, evidence) = described(GERMAN, None, language);
        assert!(text.starts_with(expected), "{language}: {text}");
        assert_eq!((evidence.len(), evidence[0].method), (1, Method::Inferred));
        assert!(evidence[0].snippet.contains("fixed phrases") && !evidence[0].url.is_empty(), "{evidence:?}");
    }
}

#[test]
fn nothing_is_given_where_nothing_is_known() {
    let strange = "<html lang=de><p>Wir machen seit vielen Jahren alles anders als alle anderen in der Stadt.";
    for (html, language) in [(GERMAN, "sv"), (strange, "en")] {
        let (text, evidence) = described(html, None, language);
        assert_eq!(text, "");
        assert_eq!((evidence.len(), evidence[0].value.as_str()), (1, "not given"));
    }
    // A page that calls itself English and is not.
    let (text, _) = described(GERMAN, Some(&GERMAN.replace("lang=de", "lang=en")), "en");
    assert!(text.starts_with("Nordwind GmbH is a manufacturer"), "{text}");
}

/// What the first phrases say of a site in another language; `None` where nothing is given.
fn said(html: &str) -> Option<String> {
    let (text, evidence) = described(&format!("<html lang=de>{html}"), None, "en");
    assert_eq!(evidence.len(), 1, "{html}");
    let (what, _) = text.split_once(" Location:")?;
    Some(what.replace("Nordwind GmbH is ", ""))
}

#[test]
fn more_exact_trades_of_its_own_are_told() {
    let check = |html: &str, expected: &str| assert_eq!(said(html).as_deref(), Some(expected), "{html}");
    check(
        "<title>Baustoffe in Hamburg</title><main><h1>Baustoffe für den Norden</h1>\
         <p>Seit 1987 liefern wir Baustoffe, Dämmstoffe und Fliesen an Betriebe in ganz Hamburg.</main>",
        "a supplier of building materials. The range includes: insulation, tiles.",
    );
    check(
        "<title>Sensoren aus Hamburg</title><main><h1>Sensoren</h1>\
         <p>Wir entwickeln und fertigen Temperaturfühler und andere Sensoren in unserem Werk in Hamburg.</main>",
        "a manufacturer of sensors and transmitters. The range includes: temperature and pressure sensors.",
    );
    // What grows is not manufactured.
    check(
        "<title>Olivenöl vom Erzeuger</title><main><h1>Olivenöl</h1>\
         <p>Unsere Familie hat mehr als tausend Bäume, die Herstellung von Olivenöl ist Handarbeit.</main>",
        "a producer of olive oil.",
    );
}

#[test]
fn what_is_only_named_is_not_what_a_company_is() {
    for html in [
        "<title>Hotel-Bedarf Nordwind</title><main><h1>Hotel-Bedarf</h1><p>Hotel-Bedarf und Hotel-Ausstattung ab Lager, \
         seit 1987 liefern wir alles an Hotels in ganz Norddeutschland.</main>",
        "<title>Rohre reinigen in Hamburg</title><main><h1>Wir reinigen Rohre</h1>\
         <p>Wir reinigen Rohre und Kanäle mit Hochdruck, Spirale und Kamera, Tag und Nacht in Hamburg.</main>",
    ] {
        assert_eq!(said(html), None, "{html}");
        let (_, evidence) = described(&format!("<html lang=de>{html}"), None, "en");
        assert!(evidence[0].snippet.contains("does not plainly name as its own"), "{evidence:?}");
    }
}

#[test]
fn a_role_is_told_where_it_is_clear() {
    let check = |sentence: &str, expected: &str| {
        let html =
            format!("<title>Pumpen aus Hamburg</title><main><h1>Pumpen</h1><p>{sentence} Rufen Sie uns an.</main>");
        assert_eq!(said(&html).as_deref(), Some(expected), "{sentence}");
    };
    check("Wir fertigen Pumpen in Hamburg und übernehmen auch die Montage vor Ort.", "a manufacturer of pumps.");
    check("Die Montage der Pumpen übernehmen unsere eigenen Leute in ganz Hamburg.", "a supplier of pumps.");
    check("Wir liefern Pumpen aller Hersteller innerhalb eines Tages nach Hamburg.", "a supplier of pumps.");
    check("Unser Pumpenhandel liefert an einen Hersteller von Schiffen in Hamburg.", "a manufacturer of pumps.");
}

#[test]
fn sentences_that_leave_it_open_follow_a_phrase() {
    let (text, evidence) = described(
        "<html lang=fr><title>Centre médical à Toulouse</title><main><h1>Centre médical</h1>\
         <p>Sept praticiens, un plateau technique, un seul secrétariat pour vous.</main>",
        None,
        "fr",
    );
    assert_eq!(
        text,
        "Nordwind GmbH est un centre médical. Sept praticiens, un plateau technique, un seul secrétariat pour vous."
    );
    assert_eq!(evidence.len(), 2);
}

#[test]
fn every_language_of_the_catalogue_has_its_phrases() {
    assert_eq!(TABLE.len(), trades::LANGUAGES.len());
    for language in trades::LANGUAGES {
        let phrases = &TABLE[language];
        assert!(phrases.is.contains("{x}") && phrases.is.contains("{y}") && phrases.founded.contains("{n}"));
        for text in [&phrases.field, &phrases.kinds, &phrases.markets, &phrases.place] {
            assert!(text.contains("{x}"), "{text}");
        }
    }
    assert_eq!(elided("un fabricant de emballages", "emballages"), "un fabricant d'emballages");
}

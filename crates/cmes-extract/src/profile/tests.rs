use proptest::prelude::*;

use super::*;
use crate::content::{Candidate, ContentFacts, Origin};
use crate::page::{RawPage, read};

fn pages(url: &str, html: &str) -> Vec<Page> {
    let url = Url::parse(url).expect("a URL");
    vec![read(&RawPage { url: &url, headers: &[], html })]
}

fn profile(pages: &[Page], content: &Content) -> (CompanyData, Vec<Evidence>) {
    match assemble(&Material { pages, content, language: LanguageCode::ENGLISH, extended: false }) {
        Reading::Profile(data, evidence) => (*data, evidence),
        Reading::NotACompany(words) => panic!("not a company: {words}"),
    }
}

/// A Content of a person who signs for a company.
fn signed() -> Content {
    let contact = Contact { name: "Ann Lee".to_owned(), email: "ann@acme.com".to_owned(), ..Contact::default() };
    let candidate =
        Candidate { address: "acme.com".to_owned(), origin: Origin::Sender, snippet: "ann@acme.com".to_owned() };
    Content {
        candidates: vec![candidate],
        facts: ContentFacts {
            person: Some((contact, "Ann Lee, Acme".to_owned())),
            phones: vec![("+1 212-555-0100".to_owned(), "Tel +1 212-555-0100".to_owned())],
            emails: vec![("office@acme.com".to_owned(), String::new()), ("x@other.org".to_owned(), String::new())],
            company: Some(("Acme Inc.".to_owned(), "Acme Inc.".to_owned())),
            links: vec![("https://www.linkedin.com/company/acme".to_owned(), String::new())],
            ..ContentFacts::default()
        },
    }
}

const SITE: &str = r#"<title>Acme</title><meta name=description content="Acme manufactures rockets and anvils for roadrunners.">
    <link rel=alternate hreflang=de href="https://www.acme.de/"><link rel=alternate hreflang=fr href="https://other.fr/">
    <header><a href="/"><img src="/logo.svg" alt="Acme logo"></a></header>
    <p>We have 140 employees.<footer>© 2024 Acme Industries, Inc. All rights reserved</footer>"#;

#[test]
fn a_profile_carries_evidence_for_its_values() {
    let (data, evidence) = profile(&pages("https://www.acme.com/en/", SITE), &Content::default());
    assert_eq!(data.company_name, "Acme Industries, Inc.");
    assert_eq!(data.logo_link, "https://www.acme.com/logo.svg");
    assert_eq!(data.business, "Acme manufactures rockets and anvils for roadrunners.");
    assert_eq!(data.company_size, "Medium-sized enterprise, about 140 employees.");
    let webs: Vec<_> = data.webs.iter().map(|web| format!("{}{}", web.host, web.link)).collect();
    assert_eq!(webs, ["acme.com/", "acme.de/"]);
    for field in ["CompanyName", "LogoLink", "Business", "CompanySize", "Webs[0]", "Webs[1]", "Recommendations"] {
        let one = evidence.iter().find(|one| one.field == field).unwrap_or_else(|| panic!("no evidence for {field}"));
        assert!(!one.url.is_empty() && (one.confidence * 100.0).fract().abs() < 1e-9, "{one:?}");
    }
    assert!(evidence.iter().all(|one| one.field != "Identity"));
}

#[test]
fn what_the_content_says_is_merged() {
    let (data, evidence) = profile(&pages("https://www.acme.com/", SITE), &signed());
    assert_eq!(data.contacts.first().map(|contact| contact.name.as_str()), Some("Ann Lee"));
    assert_eq!(data.emails, [Email { email: "office@acme.com".to_owned(), primary: true }]);
    assert_eq!(data.phones.len(), 1);
    assert_eq!(data.social_nets_links.len(), 1);
    let method = evidence.iter().find(|one| one.field == "Contacts[0].Name").map(|one| one.method);
    assert_eq!(method, Some(Method::Content));
}

#[test]
fn the_content_alone_gives_a_profile() {
    let (data, _) = profile(&[], &signed());
    assert_eq!(data.company_name, "Acme Inc.");
    assert_eq!(data.webs, [WebLink { host: "acme.com".to_owned(), link: "/".to_owned() }]);
    assert_eq!((data.emails.len(), data.phones.len()), (2, 1));
}

#[test]
fn contradictions_are_remarked() {
    let html = "<title>Zeta</title><footer>© Zeta Pumps Ltd</footer>";
    let (_, evidence) = profile(&pages("https://example.org/", html), &signed());
    let remarks: Vec<_> = evidence.iter().filter(|one| one.field == "Identity").map(|one| one.value.as_str()).collect();
    assert_eq!(
        remarks,
        [
            "acme.com leads to example.org",
            "The name Zeta Pumps Ltd does not resemble the domain example.org",
            "The Content names Acme Inc., the site Zeta Pumps Ltd",
        ]
    );
}

#[test]
fn addresses_of_numbers_and_long_suffixes_are_domains() {
    for (url, expected) in [
        ("https://www.shop.example.co.uk/x", "example.co.uk"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://localhost/", "localhost"),
    ] {
        assert_eq!(domain_of(&Url::parse(url).expect("a URL")), expected);
    }
}

#[test]
fn nobody_s_pages_are_no_profile() {
    let pages = pages("https://acme.com/", "<title>Welcome to nginx!</title>");
    let material =
        Material { pages: &pages, content: &Content::default(), language: LanguageCode::ENGLISH, extended: false };
    assert!(matches!(assemble(&material), Reading::NotACompany(_)));
}

#[test]
fn hostile_pages_cost_little() {
    let parts =
        ["GmbH ", "© GmbH, ", "85 Mitarbeiter ", "株式会社", "a. ", "<p>", "<b>x</b>", "© ", "employees: ", "ООО «"];
    for part in parts {
        let html = part.repeat(300_000 / part.len());
        let started = crate::effort::Effort::start();
        profile(&pages("https://acme.com/", &html), &Content::default());
        assert!(started.spent().as_secs() < 10, "{part} {:?}", started.spent());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_html_panics(
        html in "(<(div|p|a href=x|img src=y alt=|footer|script type=application/ld\\+json|meta name=description content=é)>|</(div|script)>|GmbH |© |株式会社|\\{\"@type\":|[0-9]{1,5} |employees|é|\\. |İ){0,30}"
    ) {
        let pages = pages("https://acme.com/", &html);
        let _ = assemble(&Material { pages: &pages, content: &Content::default(), language: LanguageCode::ENGLISH, extended: true });
    }

    #[test]
    fn no_text_panics(html in "\\PC{0,200}") {
        let pages = pages("https://acme.com/", &html);
        let _ = assemble(&Material { pages: &pages, content: &Content::default(), language: LanguageCode::ENGLISH, extended: true });
    }
}

/// The remarks on identity of a site with a home page and an imprint.
fn remarks(home: &str, imprint: &str, content: &str) -> Vec<String> {
    let page = |path: &str, html: &str| {
        let url = Url::parse(&format!("https://nordwind-pumpen.de{path}")).expect("a URL");
        read(&RawPage { url: &url, headers: &[], html })
    };
    let pages = [page("/", home), page("/impressum", imprint)];
    let content = crate::content::read(content);
    let material = Material { pages: &pages, content: &content, language: LanguageCode::ENGLISH, extended: true };
    match assemble(&material) {
        Reading::Profile(_, evidence) => {
            evidence.into_iter().filter(|one| one.field == "Identity").map(|one| one.value).collect()
        }
        Reading::NotACompany(words) => panic!("{words}"),
    }
}

#[test]
fn contradictions_are_said() {
    let home = "<title>Nordwind Pumpen</title><h1>Nordwind Pumpen GmbH</h1><p>Wir bauen Pumpen für Schiffe.";
    let imprint =
        "<h1>Impressum</h1><p>Nordwind Pumpen GmbH<br>Hafenstraße 1<br>20457 Hamburg<p>info@nordwind-pumpen.de";
    assert_eq!(remarks(home, imprint, "nordwind-pumpen.de"), Vec::<String>::new());
    let said = remarks(home, imprint, "a@alte-firma.de").join("\n");
    assert!(said.contains("alte-firma.de leads to nordwind-pumpen.de"), "{said}");
    let elsewhere = imprint.replace("info@nordwind-pumpen.de", "info@suedwind-holding.de");
    let said = remarks(home, &elsewhere, "nordwind-pumpen.de").join("\n");
    assert!(said.is_empty() || said.contains("suedwind-holding.de"), "{said}");
    let foreign = "<h1>Impressum</h1><p>Zweirad Meier e.K.<br>Ring 2<br>50667 Köln<p>meier@zweirad-meier.de";
    let said = remarks("<title>Willkommen</title><p>Wir bauen Pumpen.", foreign, "nordwind-pumpen.de").join("\n");
    assert!(said.contains("Zweirad Meier"), "{said}");
    let letter = "From: Ann <a@nordwind-pumpen.de>\nTo: x@y.de\nSubject: x\n\nHi\n\nGruß\nAnn Lee\nZweirad Meier GmbH";
    let said = remarks(home, imprint, letter).join("\n");
    assert!(said.contains("The Content names Zweirad Meier GmbH, the site Nordwind Pumpen GmbH"), "{said}");
}

#[test]
fn hostile_pages_take_no_time_with_every_field_on() {
    let url = Url::parse("https://a.de/impressum").expect("a URL");
    for part in [
        "USt-IdNr. DE1 VAT HRB ",
        "vat vat vat vat 1 ",
        "<p>Mo-Fr 8-17, Sa 9-12 ",
        "<li>x (m/w/d)",
        "<a href=/x>y (m/w/d)</a>",
        "<p>ISO 9001 zertifiziert ",
        "<p>gegründet 1 2 3 1999 ",
        "<p>pumpen wasser pumpe ",
        "<p>設立昭和",
    ] {
        let html = part.repeat(400_000 / part.len());
        let pages = [read(&RawPage { url: &url, headers: &[], html: &html })];
        let content = Content::default();
        let time = |extended: bool| {
            let start = crate::effort::Effort::start();
            let language = LanguageCode::ENGLISH;
            let _ = assemble(&Material { pages: &pages, content: &content, language, extended });
            start.spent()
        };
        let (plain, extended) = (time(false), time(true));
        assert!(extended.as_secs() < 20, "{part}: {plain:?}, extended {extended:?}");
    }
}

#[test]
fn positions_are_in_the_language_of_the_answer_and_the_evidence_has_the_sites_words() {
    let html = "<html lang=de><title>Nordwind GmbH</title><main><h1>Unser Team</h1>\
        <p>Wir entwickeln und fertigen Kreiselpumpen für Werften und die Wasserwirtschaft.\
        <div class=card><h3>Anna Schmidt</h3><p>Leiterin Einkauf</p></div>\
        <div class=card><h3>Ben Krause</h3><p>Geschäftsführer</p></div></main>";
    let pages = pages("https://www.nordwind.de/team", html);
    let content = Content::default();
    let of = |code: &str| {
        let language = code.parse().expect("a language");
        match assemble(&Material { pages: &pages, content: &content, language, extended: false }) {
            Reading::Profile(data, evidence) => (*data, evidence),
            Reading::NotACompany(words) => panic!("not a company: {words}"),
        }
    };
    let held = |data: &CompanyData| -> Vec<String> {
        data.contacts.iter().map(|contact| contact.job_position.clone()).collect()
    };
    for (language, expected) in [
        ("en", ["Head of Purchasing", "Managing Director"]),
        ("fr", ["Responsable des achats", "Gérant"]),
        ("de", ["Leiterin Einkauf", "Geschäftsführer"]),
        ("sv", ["Leiterin Einkauf", "Geschäftsführer"]),
    ] {
        assert_eq!(held(&of(language).0), expected, "{language}");
    }
    let (data, evidence) = of("en");
    let said: Vec<_> = evidence.iter().filter(|one| one.field == "Contacts[0].JobPosition").collect();
    assert_eq!(said.len(), 2);
    assert!(
        said.iter().all(|one| one.value == "Head of Purchasing" && one.snippet.contains("Leiterin Einkauf")),
        "{said:?}"
    );
    assert_eq!((said[0].method, said[1].method), (Method::Text, Method::Inferred));
    assert!(said[1].snippet.starts_with("translated from de"), "{said:?}");
    assert!(data.recommendations.contains("Head of Purchasing") || data.recommendations.contains("Managing Director"));
    assert_eq!(of("de").1.iter().filter(|one| one.field == "Contacts[0].JobPosition").count(), 1);
}

use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::content::{Candidate, ContentFacts};
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
        let started = Instant::now();
        profile(&pages("https://acme.com/", &html), &Content::default());
        assert!(started.elapsed().as_secs() < 10, "{part} {:?}", started.elapsed());
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

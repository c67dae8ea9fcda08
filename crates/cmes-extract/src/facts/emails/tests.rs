//! Addresses as sites write and hide them, and whose they are.

use proptest::prelude::*;
use url::Url;

use super::{PERSONAL, find, scan};
use crate::facts::Site;
use crate::page::{Page, RawPage, read};
use crate::structured::{Item, Value};

fn page(path: &str, html: &str) -> Page {
    let url = Url::parse(&format!("https://www.firma.de{path}")).expect("a URL");
    read(&RawPage { url: &url, headers: &[], html })
}

fn addresses(pages: &[Page]) -> Vec<String> {
    let site = Site { pages, domain: "firma-pumpen.de", language: None, country: None };
    find(&site).into_iter().map(|found| found.value).collect()
}

fn check_text(text: &str, expected: &[&str]) {
    assert_eq!(scan::addresses(text), expected, "{text}");
}

fn check(html: &str, expected: &[&str]) {
    assert_eq!(addresses(&[page("/kontakt/", html)]), expected, "{html}");
}

#[test]
fn disguises_are_undone() {
    for text in [
        "info@firma-pumpen.de",
        "INFO@Firma-Pumpen.DE",
        "info [at] firma-pumpen.de",
        "info[at]firma-pumpen[dot]de",
        "info (at) firma-pumpen (dot) de",
        "info(at)firma-pumpen.de",
        "info {at} firma-pumpen {dot} de",
        "info [ät] firma-pumpen [punkt] de",
        "info(a)firma-pumpen.de",
        "info (arroba) firma-pumpen (punto) de",
        "info [chiocciola] firma-pumpen [punto] de",
        "info [собака] firma-pumpen [точка] de",
        "info (arobase) firma-pumpen (point) de",
        "info [et] firma-pumpen [nokta] de",
        "info [małpa] firma-pumpen [kropka] de",
        "info [kukac] firma-pumpen [pont] de",
        "info (snabel-a) firma-pumpen.de",
        "info（アットマーク）firma-pumpen.de",
        "info [zavináč] firma-pumpen [tečka] de",
        "info (papaki) firma-pumpen.de",
        "info【at】firma-pumpen.de",
        "info(שטרודל)firma-pumpen.de",
        "info (小老鼠) firma-pumpen.de",
        "info kukac firma-pumpen pont de",
        "info собака firma-pumpen точка de",
        "info AT firma-pumpen.de",
        "info AT firma-pumpen DOT de",
        "info at firma-pumpen dot de",
        "info @ firma-pumpen.de",
        "info @firma-pumpen.de",
        "info﹫firma-pumpen.de",
        "info＠firma-pumpen.de",
        "ｉｎｆｏ＠ｆｉｒｍａ－ｐｕｍｐｅｎ．ｄｅ",
        "E-Mail:info@firma-pumpen.de.",
        "<info@firma-pumpen.de>",
        "邮箱：info@firma-pumpen.de，电话",
        "Mail (info@firma-pumpen.de)",
        "info@firma-pumpen.de/info@firma-pumpen.de",
    ] {
        check_text(text, &["info@firma-pumpen.de"]);
    }
}

#[test]
fn a_desk_at_which_somebody_sits_is_the_companys() {
    let general = |html: &str| -> Vec<String> {
        let url = Url::parse("https://www.firma-pumpen.de/team/").expect("a URL");
        let pages = [read(&RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &pages, domain: "firma-pumpen.de", language: None, country: None };
        find(&site).into_iter().filter(|found| found.confidence > PERSONAL).map(|found| found.value).collect()
    };
    let card = |mail: &str| format!("<h3>Eva Rau</h3><p>Leiterin Physiotherapie</p><p>{mail}@firma-pumpen.de</p>");
    assert_eq!(general(&card("physioteam")), ["physioteam@firma-pumpen.de"]);
    assert_eq!(general(&card("rau")), [""; 0]);
    assert_eq!(general(&card("er")), [""; 0]);
    assert_eq!(scan::addresses("Toll Free: 1800 425 0417sales@firma-pumpen.de"), ["sales@firma-pumpen.de"]);
    assert_eq!(
        scan::addresses("mail 24h@firma-pumpen.de, 4you@firma-pumpen.de"),
        ["24h@firma-pumpen.de", "4you@firma-pumpen.de"]
    );
}

#[test]
fn addresses_outside_of_the_text() {
    let own = &["info@firma-pumpen.de"][..];
    let read = |html: &str| {
        let url = Url::parse("https://www.firma-pumpen.de/kontakt/").expect("a URL");
        addresses(&[read(&RawPage { url: &url, headers: &[], html })])
    };
    assert_eq!(read("<img src=mail.png alt='info@firma-pumpen.de'>"), own);
    assert_eq!(read("<img src=mail.png alt='info@agentur.de'>"), [""; 0]);
    assert_eq!(read("<style>.r{unicode-bidi:bidi-override}</style><b class=r>ed.nepmup-amrif@ofni</b>"), own);
    assert_eq!(read("<a href='#' data-user=info data-domain=firma-pumpen.de>Mail</a>"), own);
    assert_eq!(read("<a href=\"javascript:m('info'+'@'+'firma-pumpen.de')\">Mail</a>"), own);
    assert_eq!(read("<p>Datenschutz: Ann Lee, datenschutz@firma-pumpen.de"), ["datenschutz@firma-pumpen.de"]);
}

#[test]
fn what_is_no_address() {
    for text in [
        "logo@2x.png",
        "icon@3x.webp",
        "jquery@3.7.1",
        "bootstrap@5.3.3/dist/css",
        "@firma",
        "meet us @ Halle 3",
        "12 pcs @ 3.50",
        "a@b",
        "name@example.com",
        "you@yourdomain.com",
        "email@example.org",
        "max.mustermann@beispiel.de",
        "vorname.nachname@firma-pumpen.de",
        "605a7baede844d278b89dc95ae0a9123@sentry-next.wixpress.com",
        "0123456789abcdef0123456789abcdef@o12345.ingest.sentry.io",
        "info@firma.nosuchtld",
        "info@192.168.1.1",
        ".@.",
        "info@-firma.de",
        "info@firma..de",
        "https://user:pass@",
        "look at example",
        "we are at home dot",
        "Look AT this",
        "foo@bar@baz",
    ] {
        check_text(text, &[]);
    }
}

#[test]
fn reserved_and_international_domains_count() {
    check_text("info@nordwind-pumpen.example", &["info@nordwind-pumpen.example"]);
    check_text("kontakt@müller-pumpen.de", &["kontakt@müller-pumpen.de"]);
    check_text("инфо@компания.рф", &["инфо@компания.рф"]);
    check_text("a+b@mail.firm.co.uk, c_d@firm.co.uk", &["a+b@mail.firm.co.uk", "c_d@firm.co.uk"]);
}

#[test]
fn mailto_links_are_decoded() {
    let check = |href: &str, expected: &[&str]| assert_eq!(scan::mailto(href), expected, "{href}");
    check("mailto:info@firma.eu?subject=Hallo%20x@y.de", &["info@firma.eu"]);
    check("MAILTO:info%40firma.eu", &["info@firma.eu"]);
    check("mailto:a@firma.eu,b@firma.eu", &["a@firma.eu", "b@firma.eu"]);
    check("mailto:a@firma.eu;b@firma.eu?cc=c@firma.eu", &["a@firma.eu", "b@firma.eu"]);
    check("mailto:?to=a@firma.eu", &["a@firma.eu"]);
    check("mailto:Firma%20%3Cinfo@firma.eu%3E", &["info@firma.eu"]);
    check("mailto:", &[]);
    check("https://firma.eu", &[]);
}

#[test]
fn only_the_companys_own() {
    check("<p>info@firma-pumpen.de</p>", &["info@firma-pumpen.de"]);
    check("<p>E-Mail: info@firma-pumpen.com</p>", &["info@firma-pumpen.com"]);
    check("<p>E-Mail: firma.pumpen.hh@gmail.com</p>", &["firma.pumpen.hh@gmail.com"]);
    check("<p>E-Mail: office@mutter-holding.de</p>", &["office@mutter-holding.de"]);
    check("<p>info@firma-pumpen.de</p><p>Webdesign: hallo@agentur-x.de</p>", &["info@firma-pumpen.de"]);
    check("<h3>Aufsichtsbehörde</h3><p>E-Mail: mailbox@datenschutz.hamburg.de</p>", &[]);
    check("<p>E-Mail: casework@ico.org.uk</p>", &[]);
    check("<p>Beschwerde: mail@ec.europa.eu</p>", &[]);
    check("<div class=testimonial><p>E-Mail: kunde@kundenfirma.de</p></div>", &[]);
    let products = page("/produkte/", "<p>E-Mail: jemand@anderswo.de</p>");
    assert!(addresses(&[products]).is_empty());
    let privacy = page("/datenschutz/", "<p>E-Mail: dsb@externe-datenschuetzer.de</p>");
    assert!(addresses(&[privacy]).is_empty());
}

#[test]
fn the_general_address_comes_first() {
    check(
        "<p>noreply@firma-pumpen.de jobs@firma-pumpen.de sales@firma-pumpen.de a.lee@firma-pumpen.de info@firma-pumpen.de",
        &[
            "info@firma-pumpen.de",
            "sales@firma-pumpen.de",
            "jobs@firma-pumpen.de",
            "a.lee@firma-pumpen.de",
            "noreply@firma-pumpen.de",
        ],
    );
    check(
        "<p>datenschutz@firma-pumpen.de<p>kontakt@firma-pumpen.de",
        &["kontakt@firma-pumpen.de", "datenschutz@firma-pumpen.de"],
    );
    check(
        "<p>webmaster@firma-pumpen.de<p>buero@firma-pumpen.de",
        &["buero@firma-pumpen.de", "webmaster@firma-pumpen.de"],
    );
    check("<p>E-Mail: firma@gmx.de<p>jobs@firma-pumpen.de", &["jobs@firma-pumpen.de", "firma@gmx.de"]);
}

#[test]
fn addresses_of_people_are_told_apart() {
    let card = |name: &str, local: &str| {
        format!("<div class=card><h3>{name}</h3><p>Leiter Vertrieb</p><p>{local}@firma-pumpen.de</p></div>")
    };
    let page = page("/team/", &format!("{}{}<p>info@firma-pumpen.de", card("Ann Lee", "ann"), card("Bob Ray", "bob")));
    let site = Site { pages: &[page], domain: "firma-pumpen.de", language: None, country: None };
    let found: Vec<_> = find(&site).into_iter().map(|found| (found.value, found.confidence > PERSONAL)).collect();
    assert_eq!(
        found.iter().map(|(address, general)| (address.as_str(), *general)).collect::<Vec<_>>(),
        [("info@firma-pumpen.de", true), ("ann@firma-pumpen.de", false), ("bob@firma-pumpen.de", false)]
    );
}

#[test]
fn structured_data_gives_addresses() {
    let item = Item {
        types: vec!["Organization".into()],
        properties: vec![("email".to_owned(), Value::Text("mailto:Info@Firma-Pumpen.de".to_owned()))],
        ..Item::default()
    };
    let mut page = page("/", "<p>x");
    page.items = vec![item];
    assert_eq!(addresses(&[page]), ["info@firma-pumpen.de"]);
}

#[test]
fn a_page_full_of_signs_takes_no_time() {
    for text in [
        "@".repeat(10_000),
        "a@".repeat(50_000),
        "a at b dot ".repeat(100_000),
        " [at] ".repeat(20_000),
        "x".repeat(300_000) + "@",
    ] {
        let page = page("/kontakt/", &format!("<p>{text}"));
        let start = crate::effort::Effort::start();
        let _ = addresses(&[page]);
        assert!(start.spent().as_secs() < 20, "{}", crate::page::prefix(&text, 20));
    }
}

proptest! {
    #[test]
    fn every_address_stands_in_the_text(text in "[a-z@. \\[\\]()<>]{0,80}(at|\\[at\\]|@)[a-z. ]{0,30}") {
        for address in scan::addresses(&text) {
            for letters in address.split(['@', '.']) {
                prop_assert!(text.contains(letters), "{address} of {text}");
            }
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,300}") {
        let _ = scan::addresses(&text);
        let _ = scan::mailto(&format!("mailto:{text}"));
        let _ = addresses(&[page("/kontakt/", &text)]);
    }
}

/// Addresses that are nobody's alone, of a page of this kind.
fn general(path: &str, html: &str) -> Vec<String> {
    let pages = [page(path, html)];
    let site = Site { pages: &pages, domain: "firma-pumpen.de", language: None, country: None };
    find(&site).into_iter().filter(|found| found.confidence > PERSONAL).map(|found| found.value).collect()
}

#[test]
fn addresses_that_stand_with_a_person_are_theirs() {
    let check = |path: &str, html: &str, expected: &[&str]| assert_eq!(general(path, html), expected, "{html}");
    check("/people", "<h4>Nora Lindgren, FAIA</h4><p>Art Director<br>nora@firma-pumpen.de", &[]);
    check("/people", "<h4>Nora Lindgren</h4><p>Founding Principal<br>612 555 0135<br>nora@firma-pumpen.de", &[]);
    check("/equipe", "<h4>Tatiana Lopes</h4><p>Financeiro<p>tatiana@firma-pumpen.de", &[]);
    check("/kontakt", "<p>Obchodní zástupce Petr Smolík, smolik@firma-pumpen.de", &[]);
    check("/karriere", "<p>Fragen an Frau Nowak: nowak@firma-pumpen.de", &[]);
    let bio = "Joined in 1998 and has led the workshop since 2011, after ten years at sea and two on land.";
    check("/team", &format!("<h4>Nora Lindgren</h4><p>{bio}<p>Since 2011<p>nora@firma-pumpen.de"), &[]);
    check("/team", "<p>nora@firma-pumpen.de<p>Nora Lindgren", &[]);
    // A nickname below a titled name.
    check("/team", "<div><h4>Robert Hale</h4><p>Sales Director<p>bob@firma-pumpen.de</div>", &[]);
    // Departments and branches keep theirs, whoever stands there.
    check("/team", "<h4>Robert Hale</h4><p>Sales Director<p>sales@firma-pumpen.de", &["sales@firma-pumpen.de"]);
    check("/kontakt", "<h3>Leeds Depot</h3><p>leeds@firma-pumpen.de", &["leeds@firma-pumpen.de"]);
    check("/kontakt", "<h3>Linz</h3><p>Hafenstr. 3, 4020 Linz<p>linz@firma-pumpen.de", &["linz@firma-pumpen.de"]);
    check("/kontakt", "<h3>Firma Pumpen Linz</h3><p>linz@firma-pumpen.de", &["linz@firma-pumpen.de"]);
    // The company's own name may be its owner's.
    check("/kontakt", "<p>Max Pumpen<p>pumpen@firma-pumpen.de", &["pumpen@firma-pumpen.de"]);
}

#[test]
fn where_the_site_has_addresses_others_are_not_its_own() {
    let check = |html: &str, expected: &[&str]| assert_eq!(general("/kontakt/", html), expected, "{html}");
    let own = "<p>E-Mail: info@firma-pumpen.de";
    check(&format!("{own}<p>Presse: Eva Blum, eva@blum-pr.de"), &["info@firma-pumpen.de"]);
    check(&format!("{own}<p>PEC: pumpen@pec.provider.it"), &["info@firma-pumpen.de", "pumpen@pec.provider.it"]);
    check("<p>E-Mail: info@kolbenwerk.de", &["info@kolbenwerk.de"]);
    // The privacy officer's alone says nothing of where the company has its mail.
    check(
        "<p>E-Mail: info@kolbenwerk.de<p>datenschutz@firma-pumpen.de",
        &["info@kolbenwerk.de", "datenschutz@firma-pumpen.de"],
    );
}

#[test]
fn departments_keep_their_address_beside_a_name() {
    for local in ["uctarna", "reklamace", "bogholderi", "ersatzteile", "financeiro", "clientes", "returns", "prace"] {
        let html = format!("<h4>Nora Lindgren</h4><p>Director<p>{local}@firma-pumpen.de");
        assert_eq!(general("/team", &html), [format!("{local}@firma-pumpen.de")]);
    }
}

#[test]
fn long_lines_cost_little() {
    let text = "ann.lee@firma-pumpen.de, Tel. 040 66969100, ".repeat(5_000);
    let start = crate::effort::Effort::start();
    let _ = general("/kontakt/", &format!("<h4>Ann Lee</h4><p>{text}"));
    // Generous: this is an unoptimised build.
    assert!(start.spent().as_secs() < 20);
}

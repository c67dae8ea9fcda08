use url::Url;

use super::*;
use crate::page::{RawPage, read};

fn pages(domain: &str, bodies: &[(&str, &str)]) -> Vec<Page> {
    bodies
        .iter()
        .map(|(path, html)| {
            let url = Url::parse(&format!("https://www.{domain}{path}")).expect("a URL");
            read(&RawPage { url: &url, headers: &[], html })
        })
        .collect()
}

/// Checks the best name of a site of these pages.
fn check(domain: &str, bodies: &[(&str, &str)], expected: &str) {
    let pages = pages(domain, bodies);
    let site = Site { pages: &pages, domain, language: None, country: None };
    let names = find(&site);
    let all: Vec<_> = names.iter().map(|name| (&name.value, name.confidence)).collect();
    assert_eq!(names.first().map(|name| name.value.as_str()), Some(expected), "{all:?}");
}

#[test]
fn legal_names_win_where_the_site_gives_them() {
    check(
        "nordwind-pumpen.de",
        &[
            (
                "/",
                "<title>Pumpen aus Hamburg | Nordwind Pumpen</title><header><a href=/><img alt='Nordwind Pumpen Logo' src=l.svg></a></header>",
            ),
            (
                "/impressum",
                "<h1>Impressum</h1><p>Nordwind Pumpen GmbH<br>Hafenweg 1<p>Webdesign: Krause Medien GmbH<p>Bankverbindung: Hansebank AG",
            ),
        ],
        "Nordwind Pumpen GmbH",
    );
    check(
        "acme.com",
        &[(
            "/",
            r#"<script type="application/ld+json">{"@type":"Corporation","name":"Acme","legalName":"Acme Industries, Inc."}</script>"#,
        )],
        "Acme Industries, Inc.",
    );
    check(
        "acme.co.uk",
        &[("/", "<title>Acme</title><footer>© 2024 Acme Trading Ltd. All rights reserved</footer>")],
        "Acme Trading Ltd",
    );
}

#[test]
fn names_of_others_do_not_win() {
    check(
        "holzbau-meier.de",
        &[
            (
                "/",
                "<title>Holzbau Meier</title><meta property=og:site_name content='Holzbau Meier'><footer>Realisierung: Pixelwerk GmbH</footer>",
            ),
            ("/datenschutz", "<h1>Datenschutz</h1><p>Google Ireland Limited, Dublin<p>IONOS SE, Montabaur"),
            ("/referenzen", "<div class=clients><p>Stahlwerk Süd AG<p>Bäckerei Huber GmbH</div>"),
        ],
        "Holzbau Meier",
    );
}

#[test]
fn an_operator_of_another_name_is_named_by_the_imprint() {
    check(
        "blumenwelt.de",
        &[
            ("/", "<p>Blumen"),
            ("/impressum", "<h1>Impressum</h1><p>Angaben gemäß § 5 DDG<p>Krämer Handels GmbH<p>Feldweg 1"),
        ],
        "Krämer Handels GmbH",
    );
}

#[test]
fn without_a_legal_name_the_name_in_use_is_taken() {
    check(
        "fietsgoed.nl",
        &[("/", "<title>Goede spullen – Fietsgoed</title><footer>© 2026, <a href=/>Fietsgoed</a> | KvK 1</footer>")],
        "Fietsgoed",
    );
    check(
        "atelier-lumen.fr",
        &[("/", "<title>L’agence – Atelier Lumen</title><footer>© 2026 Atelier Lumen — Mentions</footer>")],
        "Atelier Lumen",
    );
    check("some-thing.com", &[("/", "<p>hello")], "Some Thing");
}

#[test]
fn names_of_other_scripts_are_read() {
    check(
        "aozora-seiki.co.jp",
        &[(
            "/",
            "<title>会社概要｜株式会社青空精機</title><h1><a href=/><img alt=株式会社青空精機 src=/images/logo.svg></a></h1><p>株式会社青空精機は長野県の会社です。",
        )],
        "株式会社青空精機",
    );
    check(
        "kedr-stanko.ru",
        &[(
            "/",
            "<title>О компании — ООО «Северный Кедр Станко»</title><footer>© 2003 ООО «Северный Кедр Станко».</footer>",
        )],
        "ООО «Северный Кедр Станко»",
    );
}

#[test]
fn the_legal_name_in_the_terms_wins_over_the_brand() {
    let home = |brand: &str| {
        format!(
            "<title>{brand}</title><meta property='og:site_name' content='{brand}'>
             <header><a href=/><img alt='{brand}' src=logo.svg></a></header><footer>© 2026 {brand}</footer>"
        )
    };
    for (domain, brand, path, text, name) in [
        (
            "millerpaper.com",
            "Miller Paper",
            "/policies/terms-of-service",
            "This website is operated by Miller Paper &amp; Twine Co., Inc. Throughout the site, we mean it.",
            "Miller Paper & Twine Co., Inc.",
        ),
        (
            "fletesbajio.mx",
            "Fletes Bajío",
            "/aviso-de-privacidad",
            "Autotransportes Fletes Bajío, S.A. de C.V. (en lo sucesivo “Fletes Bajío”), con domicilio en León.",
            "Autotransportes Fletes Bajío, S.A. de C.V.",
        ),
        (
            "cliniqueduparc.fr",
            "Clinique du Parc",
            "/mentions-legales",
            "<p>Éditeur<p>SELARL Clinique du Parc, société d’exercice libéral<p>Hébergeur<p>SAS Nuage Blanc",
            "SELARL Clinique du Parc",
        ),
        (
            "kvc.co.uk",
            "Kestrel Vale",
            "/privacy-policy",
            "Kestrel Vale Cleaning Limited (“we”) is the controller. Google Ireland Limited counts visits.",
            "Kestrel Vale Cleaning Limited",
        ),
    ] {
        let home = home(brand);
        check(domain, &[("/", &home), (path, text)], name);
    }
}

#[test]
fn an_article_after_the_copyright_sign_is_the_name_s() {
    check(
        "copperkettle.co.uk",
        &[(
            "/",
            "<title>Copper Kettle</title><footer>© 2019–2026 The Copper Kettle Company Limited. All rights reserved</footer>",
        )],
        "The Copper Kettle Company Limited",
    );
}

#[test]
fn the_operator_behind_a_brand_is_named() {
    check(
        "greenbasket.co.uk",
        &[
            (
                "/",
                "<title>Green Basket</title><meta property='og:site_name' content='Green Basket'>
                 <header><a href=/><img alt='Green Basket' src=logo.svg></a></header><footer>© Green Basket</footer>",
            ),
            (
                "/terms",
                "<p>Green Basket is a trading name of Harrow Foods Ltd, registered in England.<p>Payments by Paynow Ltd.",
            ),
        ],
        "Harrow Foods Ltd",
    );
    // Elsewhere others operate other things.
    check(
        "greenbasket.co.uk",
        &[
            ("/", "<title>Green Basket</title><footer>© Green Basket</footer>"),
            ("/news/new-van", "<p>Our van is operated by Swift Couriers Ltd."),
        ],
        "Green Basket",
    );
    // A brand that others' names only begin with.
    check(
        "lnk.io",
        &[
            ("/", "<title>Link</title><meta property='og:site_name' content='Link'><footer>© Link</footer>"),
            ("/privacy", "<p>LinkedIn Ireland Unlimited and LinkedIn Services Ltd process visits."),
        ],
        "Link",
    );
}

#[test]
fn a_stated_legal_name_needs_no_form() {
    check(
        "tagforum.dk",
        &[(
            "/",
            "<title>Tagforum</title><meta property='og:site_name' content='Tagforum'><footer>© Tagforum</footer>
             <div itemscope itemtype='https://schema.org/Organization'><span itemprop=legalName>Foreningen Tagforum</span></div>",
        )],
        "Foreningen Tagforum",
    );
    // A name that only resembles the brand in a text of news is no legal name.
    check(
        "tagforum.dk",
        &[
            (
                "/",
                "<title>Tagforum</title><meta property='og:site_name' content='Tagforum'><footer>© Tagforum</footer>",
            ),
            ("/nyheder", "<p>Aftalen med Tagforum Service ApS er opsagt."),
        ],
        "Tagforum",
    );
}

/// A shop whose brand says nothing of the company behind it.
fn with_brand(brand: &str) -> String {
    format!(
        "<title>{brand}</title><meta property='og:site_name' content='{brand}'>
         <header><a href=/><img alt='{brand}' src=logo.svg></a></header><footer>© 2026 {brand}</footer>"
    )
}

#[test]
fn labels_name_the_company_in_many_languages() {
    for (path, label, name) in [
        ("/impressum", "Diensteanbieter:", "Krämer Handels GmbH"),
        ("/impressum", "Medieninhaber und Herausgeber", "Krämer Handels e.U."),
        ("/impresszum", "Üzemeltető:", "Kovács Vendéglátó Kft."),
        ("/adatkezeles", "Adatkezelő", "Kovács Vendéglátó Kft."),
        ("/mentions-legales", "Raison sociale", "Dupont Distribution SAS"),
        ("/note-legali", "Ragione sociale:", "Rossi Distribuzione S.r.l."),
        ("/aviso-legal", "Razón social", "Distribuciones Pérez, S.L."),
        ("/politica-de-privacidade", "Razão social:", "Silva Comércio Ltda."),
        ("/regulamin", "Sprzedawca", "Kowalski Handel Sp. z o.o."),
        ("/obchodni-podminky", "Provozovatel:", "Novák obchod s.r.o."),
        ("/tietosuoja", "Rekisterinpitäjä", "Virtanen Kauppa Oy"),
        ("/privatlivspolitik", "Dataansvarlig", "Jensen Handel ApS"),
        ("/integritetspolicy", "Personuppgiftsansvarig:", "Svensson Handel AB"),
        ("/voorwaarden", "Bedrijfsnaam", "De Vries Handel B.V."),
        ("/oroi-xrisis", "Επωνυμία", "Παπαδόπουλος Εμπορική Α.Ε."),
        ("/rekvizity", "Полное наименование", "ООО «Торговый Дом Иванов»"),
        ("/kunye", "Ticaret Unvanı", "Yılmaz Ticaret A.Ş."),
        ("/company/", "会社名", "株式会社田中商店"),
        ("/about.html", "公司名称", "杭州明远贸易有限公司"),
        ("/company", "상호", "주식회사 한길상사"),
        ("/terms", "שם החברה", "כהן סחר בע\"מ"),
        ("/privacy-policy", "اسم الشركة", "شركة النخبة للتجارة المحدودة"),
    ] {
        let home = with_brand("Lumora");
        for html in [
            format!(
                "<table><tr><td>{label}</td><td>{name}</td></tr><tr><td>Hosting</td><td>Nuvola Cloud GmbH</td></tr></table>"
            ),
            format!("<dl><dt>{label}</dt><dd>{name}</dd></dl><p>Webdesign: Pixelwerk GmbH"),
        ] {
            check("lumora.shop", &[("/", &home), (path, &html)], name);
        }
    }
}

#[test]
fn a_labelled_name_without_a_form_wins_where_it_is_the_site_s_own() {
    let home = with_brand("Schulz Malerbetrieb");
    let imprint = "<table><tr><th>Firma</th><td>Malerbetrieb Heinrich Schulz</td></tr></table>";
    check("malerbetrieb-schulz.de", &[("/", &home), ("/impressum", imprint)], "Malerbetrieb Heinrich Schulz");
    // Forms ask for names too.
    let form = "<table><tr><td>Company name</td><td>optional</td></tr><tr><td>Name</td><td>Jane Roe</td></tr></table>";
    check("malerbetrieb-schulz.de", &[("/", &home), ("/contact", form)], "Schulz Malerbetrieb");
}

#[test]
fn names_of_branches_abroad_and_articles_are_no_part_of_it() {
    let home = with_brand("Miller Freight");
    let offices = "<h3>Laredo (Miller Freight LLC)</h3><p>14102 Mines Rd, Laredo, TX 78045";
    check("millerfreight.mx", &[("/", &home), ("/cobertura", offices)], "Miller Freight");
    let about = "<p>Η Παπαδόπουλος Δομικά Α.Ε. ιδρύθηκε το 1968";
    check("papadopoulos-domika.gr", &[("/etaireia", about)], "Παπαδόπουλος Δομικά Α.Ε.");
}

#[test]
fn the_titles_of_most_pages_name_the_site() {
    let page = |title: &str| {
        format!("<title>{title} - Verband für Lichtbau</title><p>Max Weber, Inhaber, Weber Licht GmbH, Visp")
    };
    let pages = ["Start", "Mitglieder", "News"].map(page);
    check(
        "lichtverband.ch",
        &[("/", &pages[0]), ("/mitglieder", &pages[1]), ("/news", &pages[2])],
        "Verband für Lichtbau",
    );
}

#[test]
fn who_trades_under_the_brand_is_named() {
    let home = with_brand("Vlinder");
    for text in [
        "<p>Handelsonderneming De Boer B.V.<br>handelend onder de naam Vlinder<br>Hoofdweg 3",
        "<p>Harrow Trading Ltd, trading as Vlinder, registered in England",
        "<h2>Artikel 2 – Identiteit van de ondernemer</h2><p>De Boer Textiel B.V.<br>Hoofdweg 3",
    ] {
        let pages = pages("vlinder.shop", &[("/", &home), ("/policies/terms-of-service", text)]);
        let site = Site { pages: &pages, domain: "vlinder.shop", language: None, country: None };
        let best = find(&site).first().map(|name| name.value.clone()).unwrap_or_default();
        let all: Vec<_> = find(&site).iter().map(|name| (name.value.clone(), name.confidence)).collect();
        assert!(best.contains("De Boer") || best.contains("Harrow"), "{all:?}: {text}");
    }
    let footer = "<title>Salt Studio</title><meta property='og:site_name' content='Salt Studio'>
        <div>© 2026 Salt Studio, a trade name of Miller & Pike Creative LLC. Oregon</div>";
    check("saltstudio.com", &[("/", footer)], "Miller & Pike Creative LLC");
}

#[test]
fn a_form_in_words_is_fuller_than_its_letters() {
    check(
        "northvalves.in",
        &[
            ("/", "<title>North Valves</title><footer>© North Valves Pvt. Ltd.</footer>"),
            ("/about-us", "<p>North Valves Private Limited was founded in 1994.</p>"),
        ],
        "North Valves Private Limited",
    );
}

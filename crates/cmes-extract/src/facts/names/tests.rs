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

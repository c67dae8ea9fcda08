use cmes_extract::page::{RawPage, read};
use proptest::prelude::*;

use super::*;

fn page(address: &str, html: &str) -> Page {
    let url = Url::parse(address).expect("a URL");
    read(&RawPage { url: &url, headers: &[], html })
}

fn hit(address: &str, title: &str, expected: Kind) {
    let url = Url::parse(address).expect("a URL");
    assert_eq!(by_hit(&url, title, ""), expected, "{address} {title}");
}

#[test]
fn hosts_are_known_by_kind() {
    assert!(include_str!("../../data/hosts.txt").split_whitespace().filter(|word| word.contains('.')).count() > 900);
    for (address, expected) in [
        ("https://www.thomasnet.com/products/pipe", Kind::Listing),
        ("https://www.europages.co.uk/companies/pumps.html", Kind::Listing),
        ("https://www.gelbeseiten.de/suche/rohre", Kind::Listing),
        ("https://de.kompass.com/a/pumpen", Kind::Listing),
        ("https://sell.alibaba.com/x", Kind::Listing),
        ("https://www.amazon.com.br/dp/1", Kind::Listing),
        ("https://de.trustpilot.com/review/acme.com", Kind::Listing),
        ("https://www.linkedin.com/company/acme", Kind::Useless("social-network")),
        ("https://www.facebook.com/acme", Kind::Useless("social-network")),
        ("https://en.wikipedia.org/wiki/Pipe", Kind::Useless("encyclopedia")),
        ("https://www.spiegel.de/wirtschaft/1", Kind::Useless("news")),
        ("https://www.indeed.co.uk/jobs", Kind::Useless("jobs")),
        ("https://www.youtube.com/watch?v=1", Kind::Useless("video")),
        ("https://www.reddit.com/r/pipes", Kind::Useless("forum")),
        ("https://www.trade.gov/x", Kind::Useless("government")),
        ("https://www.defra.gov.uk/x", Kind::Useless("government")),
        ("https://www.meti.go.jp/x", Kind::Useless("government")),
        ("https://play.google.com/store/apps/1", Kind::Useless("app-store")),
        ("https://docplayer.org/1", Kind::Useless("documents")),
        ("https://bit.ly/abc", Kind::Useless("short-link")),
        ("ftp://acme.com/", Kind::Useless("no-page")),
        ("https://www.acme-pipes.com/", Kind::Company),
        ("https://www.dhl.de/", Kind::Company),
        ("https://www.grainger.com/", Kind::Company),
        ("https://www.governance-partners.com/", Kind::Company),
        ("https://go.com.mx/", Kind::Company),
    ] {
        hit(address, "", expected);
    }
}

#[test]
fn lists_are_known_by_their_titles() {
    for title in [
        "Mitglieder des Verbands der Federnindustrie",
        "Top 10 Pipe Manufacturers in the USA",
        "15 Best Logistics Companies to Watch in 2025",
        "Largest steel producers in Europe",
        "List of pump manufacturers in India",
        "Steel Suppliers Directory",
        "Find plumbing contractors near you",
        "Die 20 besten Maschinenbauunternehmen Deutschlands",
        "Die größten Hersteller von Armaturen",
        "Branchenbuch Hamburg: Rohre",
        "Liste der Pumpenhersteller in Deutschland",
        "Annuaire des entreprises de nettoyage",
        "Les 10 meilleurs fabricants de meubles",
        "Las mejores empresas de transporte de España",
        "Directorio de fabricantes de válvulas",
        "I migliori produttori di pasta",
        "Elenco aziende metalmeccaniche Brescia",
        "As maiores empresas de logística do Brasil",
        "De grootste bedrijven in Rotterdam",
        "Ranking firm transportowych 2025",
        "Najwięksi producenci mebli w Polsce",
        "Крупнейшие производители труб России",
        "Каталог предприятий: деревообработка",
        "Справочник организаций Екатеринбурга",
        "Katalog firem - výroba nábytku",
        "Türkiye'nin en büyük tekstil firmaları: en büyük firmalar",
        "2024年十大阀门品牌",
        "精密加工メーカー一覧",
        "센서 제조업체 순위",
    ] {
        hit("https://blog.example.com/article", title, Kind::Listing);
    }
    hit("https://blog.example.com/top-10-pipe-manufacturers", "Pipes", Kind::Listing);
}

#[test]
fn titles_of_companies_are_no_lists() {
    for title in [
        "Acme Pipes – a leading manufacturer of steel pipes",
        "Pipe manufacturer | Acme Pipes Inc., Houston, TX",
        "One of the largest producers of valves: Vaigai Valves",
        "Nordwind Pumpen GmbH – Kreiselpumpen aus Hamburg",
        "Ihr führender Hersteller von Armaturen",
        "Unsere Produkte im Vergleich",
        "Fabricant de meubles depuis 1950",
        "Les meubles Dupont, fabricant français",
        "Fabricante de válvulas industriales | Valvex S.A.",
        "Produttore di pompe idrauliche dal 1967",
        "Producent mebli biurowych – Borowik",
        "Завод металлоконструкций «Кедр»",
        "株式会社青空精機 | 精密切削加工",
        "Our best sellers – shop pipes online",
        "Top quality pipes for industry",
        "Best Foods Ltd – wholesale",
        "Member of the Federation of Piling Specialists",
        "3 generations of carpenters",
        "Products & Services | Acme",
        "Distributors of fasteners in the UK – Thornfield",
    ] {
        hit("https://www.example.com/", title, Kind::Company);
    }
}

/// The names, with site or entry page, of a list.
fn check(html: &str, expected: &[(&str, &str)]) {
    let page = page("https://list.example.com/pipes", html);
    let found: Vec<(String, String)> = named(&page)
        .into_iter()
        .map(|one| (one.name, one.site.or(one.entry).map(|url| url.to_string()).unwrap_or_default()))
        .collect();
    let expected: Vec<(String, String)> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(found, expected, "{html}");
}

const CHROME: &str =
    "<header><nav><a href=/a>Home</a><a href=/b>Categories</a><a href=/c>Add company</a></nav></header>";
const FOOT: &str = "<footer><a href=https://agency.com>Made by Agency GmbH</a><a href=https://facebook.com/x>Facebook</a><a href=/imprint>Imprint</a></footer>";

#[test]
fn cards_name_companies_with_their_sites() {
    let card = |name: &str, site: &str, city: &str| {
        format!(
            "<div class=card><h3><a href=/company/{city}>{name}</a></h3><p>{city}</p><a href='{site}'>Website</a><a href=https://www.linkedin.com/company/x>LinkedIn</a></div>"
        )
    };
    let html = format!(
        "{CHROME}<main><h1>Pipe manufacturers</h1><div class=cards>{}{}{}</div></main>{FOOT}",
        card("Acme Pipes Inc.", "https://www.acme-pipes.com/", "Houston"),
        card("Best Tube LLC", "/out?url=https%3A%2F%2Fbesttube.com%2F&id=7", "Dallas"),
        card("Cedar Steel", "https://cedarsteel.com/?utm_source=list", "Tulsa"),
    );
    check(
        &html,
        &[
            ("Acme Pipes Inc.", "https://www.acme-pipes.com/"),
            ("Best Tube LLC", "https://besttube.com/"),
            ("Cedar Steel", "https://cedarsteel.com/"),
        ],
    );
    let all = named(&page("https://list.example.com/pipes", &html));
    assert_eq!(all[0].entry.as_ref().map(Url::as_str), Some("https://list.example.com/company/Houston"));
    assert_eq!(all[0].about, "Houston");
}

#[test]
fn articles_name_companies_under_headings() {
    let html = format!(
        "{CHROME}<article><h1>Top 3 pumps makers</h1><p>Pumps are important.</p><h2>1. Nordwind Pumpen GmbH</h2><p>Hamburg. They build <a href=https://nordwind.de/>pumps</a>.</p>\
         <h2>2. Südwind AG</h2><p>Based in Ulm since 1950.</p><p><a href=https://suedwind.de>www.suedwind.de</a></p><h2>3. Ostwind Technik</h2><p>A younger company.</p>\
         <h2>Conclusion</h2><p>Buy pumps.</p></article>{FOOT}"
    );
    check(
        &html,
        &[
            ("Nordwind Pumpen GmbH", "https://nordwind.de/"),
            ("Südwind AG", "https://suedwind.de/"),
            ("Ostwind Technik", ""),
        ],
    );
}

#[test]
fn tables_lists_and_plain_lines_name_companies() {
    check(
        &format!(
            "{CHROME}<main><table><tr><th>Company<th>City<th>Web</tr><tr><td>Acme Pipes Inc.<td>Houston<td><a href=https://acme.com>acme.com</a></tr><tr><td>Best Tube LLC<td>Dallas<td><a href=https://besttube.com>besttube.com</a></tr><tr><td>Cedar Co.<td>Tulsa<td></tr></table></main>{FOOT}"
        ),
        &[("Acme Pipes Inc.", "https://acme.com/"), ("Best Tube LLC", "https://besttube.com/"), ("Cedar Co.", "")],
    );
    check(
        &format!(
            "{CHROME}<main><ol><li><a href=https://acme.com>Acme Pipes</a> – Houston, TX<li><a href=https://besttube.com>Best Tube</a> – Dallas, TX<li><a href=https://cedar.com>Cedar</a></ol></main>{FOOT}"
        ),
        &[("Acme Pipes", "https://acme.com/"), ("Best Tube", "https://besttube.com/"), ("Cedar", "https://cedar.com/")],
    );
    let lines = "<main><p>1. Acme Pipes, Inc., Houston, TX – steel pipes<br>2. Best Tube LLC, Dallas, TX<br>3. Cedar Steel – Tulsa</main>";
    check(lines, &[("Acme Pipes, Inc.", ""), ("Best Tube LLC", ""), ("Cedar Steel", "")]);
    let all = named(&page("https://list.example.com/pipes", lines));
    assert_eq!(all[0].about, "Houston, TX – steel pipes");
    check(
        "<main><ul><li>• ООО «Северный Кедр», Екатеринбург<li>• ООО «Волга», Саратов<li>• АО «Труба», Москва</ul></main>",
        &[("ООО «Северный Кедр»", ""), ("ООО «Волга»", ""), ("АО «Труба»", "")],
    );
}

#[test]
fn entry_pages_lead_to_the_site() {
    for (html, expected) in [
        (
            "<main><h1>Acme Pipes Inc.</h1><p>Houston</p><a href=https://acme-pipes.com>Visit website</a><a href=https://twitter.com/acme>Twitter</a></main>",
            Some("https://acme-pipes.com/"),
        ),
        (
            "<main><h1>Acme Pipes</h1><a href='/go?to=https://acme-pipes.com/'>Zur Website</a></main>",
            Some("https://acme-pipes.com/"),
        ),
        ("<main><h1>Acme Pipes</h1><p>www.acme-pipes.com</main>", Some("https://www.acme-pipes.com/")),
        (
            "<script type=application/ld+json>{\"@type\":\"LocalBusiness\",\"name\":\"Acme Pipes\",\"url\":\"https://acme-pipes.com\"}</script><h1>Acme Pipes</h1>",
            Some("https://acme-pipes.com/"),
        ),
        (
            "<main><h1>Acme Pipes</h1><p>Houston</main><footer><a href=https://agency.com>Agency website</a></footer>",
            None,
        ),
    ] {
        let found = entry_site(&page("https://list.example.com/company/acme", html));
        assert_eq!(found.as_ref().map(Url::as_str), expected, "{html}");
    }
}

#[test]
fn pages_are_told_by_what_stands_on_them() {
    let entries: String = (0..12)
        .map(|n| format!("<li><h3>Firma {n} GmbH</h3><a href=https://firma{n}.de>Website</a><p>{n}0115 Berlin</li>"))
        .collect();
    let links: String = (0..15).map(|n| format!("<li><a href=https://kunde{n}.de>Kunde {n}</a></li>")).collect();
    let news: String = ["Politics", "Sport", "Opinion", "Culture", "Weather"]
        .iter()
        .map(|word| format!("<a href=/{word}>{word}</a>"))
        .collect();
    let cards: String =
        (0..6).map(|n| format!("<div class=p><b>Steel pipe {n}</b><span>Contact supplier</span></div>")).collect();
    let jobs: String = (0..4).map(|n| format!("<script type=application/ld+json>{{\"@type\":\"JobPosting\",\"title\":\"Welder\",\"hiringOrganization\":{{\"@type\":\"Organization\",\"name\":\"Firm {n}\"}}}}</script>")).collect();
    for (address, html, expected) in [
        (
            "https://x.com-list.de/rohre",
            format!("{CHROME}<title>Rohre Berlin</title><main><ul>{entries}</ul></main>"),
            Kind::Listing,
        ),
        (
            "https://x.com-list.de/",
            format!(
                "{CHROME}<title>Top 12 Rohrhersteller</title><main><h1>Die 12 besten Hersteller</h1><ul>{entries}</ul></main>"
            ),
            Kind::Listing,
        ),
        (
            "https://acme.de/referenzen",
            format!(
                "<title>Referenzen</title><main><h1>Unsere Referenzen</h1><p>Wir fertigen Rohre.<ul>{links}</ul></main>"
            ),
            Kind::Company,
        ),
        (
            "https://acme.de/",
            format!(
                "<title>Acme Rohre</title><main><h1>Rohre aus Stahl</h1><p>Wir fertigen Rohre für die Industrie.<ul>{links}</ul></main>"
            ),
            Kind::Company,
        ),
        (
            "https://verband.de/mitglieder/",
            format!("<title>Mitglieder</title><main><h1>Mitglieder</h1><ul>{entries}</ul></main>"),
            Kind::Listing,
        ),
        (
            "https://daily.com/",
            format!("<nav>{news}</nav><main><h1>Steel price rises</h1><p>By our reporter"),
            Kind::Useless("news"),
        ),
        ("https://market.com/pipes", format!("<main>{cards}"), Kind::Listing),
        ("https://work.com/welder", format!("{jobs}<main><h1>Welder jobs"), Kind::Useless("jobs")),
        (
            "https://talk.com/t/1",
            "<meta name=generator content='Discourse 3.2'><main><p>How do I bend a pipe?".to_owned(),
            Kind::Useless("forum"),
        ),
        (
            "https://gone.com/",
            "<title>gone.com is for sale</title><h1>gone.com</h1><h2>This domain is for sale!</h2>".to_owned(),
            Kind::Useless("parked"),
        ),
        (
            "https://acme.de/",
            "<title>Acme</title><h1>Rohre</h1><p>Wir fertigen Rohre. Tel. +49 30 123456".to_owned(),
            Kind::Company,
        ),
        ("https://acme.de/", String::new(), Kind::Company),
    ] {
        assert_eq!(by_page(&page(address, &html)), expected, "{address} {html}");
    }
}

#[test]
fn hostile_pages_cost_little_and_name_no_more_than_200() {
    let many: String = (0..20_000).map(|n| format!("<li><a href=https://firm{n}.com>Firm {n} Ltd</a></li>")).collect();
    let nested = "<div class=a>".repeat(100_000) + "Acme Ltd";
    let numbered: String = (0..40_000).map(|n| format!("{n}. Acme {n} Ltd<br>")).collect();
    for html in [many, nested, numbered] {
        let page = page("https://list.example.com/", &html);
        let begun = std::time::Instant::now();
        assert!(named(&page).len() <= 200);
        let _ = (by_page(&page), entry_site(&page));
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}

proptest! {
    #[test]
    fn no_page_or_hit_panics(text in "\\PC{0,200}", number in "[0-9]{0,4}[.)#•-]? ?") {
        let url = Url::parse("https://list.example.com/a").expect("a URL");
        let _ = by_hit(&url, &text, &text);
        let html = format!("<title>{text}</title><ol><li>{number}{text}<li><a href='{text}'>{text}</a></ol><h2>{text}</h2><h2>{number}{text}</h2>");
        let page = page("https://list.example.com/a", &html);
        let _ = (by_page(&page), named(&page), entry_site(&page));
    }
}

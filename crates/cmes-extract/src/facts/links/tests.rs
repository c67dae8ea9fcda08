use super::words::{DATA, Tables, fold};
use super::*;
use crate::page::{self, Page, RawPage};

fn read(url: &str, html: &str) -> Page {
    let url = Url::parse(url).expect("a URL");
    page::read(&RawPage { url: &url, headers: &[], html })
}

fn on(pages: &[Page], language: Option<&str>) -> Vec<String> {
    let language = language.map(|l| l.parse().expect("a language"));
    let site = Site { pages, domain: "example.com", language, country: None };
    find(&site).into_iter().map(|f| format!("{} {:?}", f.value.host + &f.value.link, f.value.description)).collect()
}

fn found(html: &str) -> Vec<String> {
    on(&[read("https://www.example.com/", html)], None)
}

/// The kind of a page by the text of a link in the menu.
fn text(text: &str, kind: &str) {
    let expected = if kind.is_empty() { vec![] } else { vec![format!("example.com/x1 {kind}")] };
    assert_eq!(found(&format!("<nav><a href='/x1'>{text}</a></nav>")), expected, "{text}");
}

/// The kind of a page by its address alone.
fn path(path: &str, kind: &str) {
    let expected = if kind.is_empty() { vec![] } else { vec![format!("example.com{path} {kind}")] };
    assert_eq!(found(&format!("<main><a href='{path}'>…</a></main>")), expected, "{path}");
}

#[test]
fn the_data_file_is_sound() {
    let tables: Tables = toml::from_str(DATA).expect("the file is TOML of the documented shape");
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut languages = HashSet::new();
    for (kind, lists) in tables.iter().filter(|(kind, _)| *kind != "Fill") {
        languages.extend(lists.keys().filter(|code| code.len() == 2));
        for phrase in lists.values().flatten() {
            let folded = fold(phrase);
            assert!(!folded.is_empty(), "{phrase}");
            let other = seen.insert(folded, kind.clone());
            assert!(other.is_none_or(|other| other == *kind), "{phrase} stands in two kinds");
        }
    }
    assert!(languages.len() >= 25, "{}", languages.len());
}

#[test]
fn texts_in_many_languages() {
    text("About us", "About");
    text("Über uns", "About");
    text("Unser Unternehmen", "About");
    text("Qui sommes-nous ?", "About");
    text("L’entreprise", "About");
    text("Sobre nosotros", "About");
    text("Quiénes somos", "About");
    text("Chi siamo", "About");
    text("Quem somos", "About");
    text("Over ons", "About");
    text("Om oss", "About");
    text("Om os", "About");
    text("Tietoa meistä", "About");
    text("O nas", "About");
    text("O společnosti", "About");
    text("Rólunk", "About");
    text("Despre noi", "About");
    text("За нас", "About");
    text("Про нас", "About");
    text("О компании", "About");
    text("Η Εταιρεία", "About");
    text("Hakkımızda", "About");
    text("会社概要", "About");
    text("会社概要・沿革", "About");
    text("关于我们", "About");
    text("關於我們", "About");
    text("회사소개", "About");
    text("من نحن", "About");
    text("אודות", "About");
    text("درباره ما", "About");
    text("Giới thiệu", "About");
    text("Tentang Kami", "About");
    text("เกี่ยวกับเรา", "About");
    text("हमारे बारे में", "About");
    text("Meist", "About");
    text("Par mums", "About");
    text("Apie mus", "About");
    text("O nama", "About");
    text("Kontakt & Anfahrt", "Contacts");
    text("Yhteystiedot", "Contacts");
    text("お問い合わせ", "Contacts");
    text("İletişim", "Contacts");
    text("Kapcsolat", "Contacts");
    text("Liên hệ", "Contacts");
    text("اتصل بنا", "Contacts");
    text("Our Products", "ProductsAndServices");
    text("Leistungen", "ProductsAndServices");
    text("Nos services", "ProductsAndServices");
    text("製品情報", "ProductsAndServices");
    text("Продукция", "ProductsAndServices");
    text("Usługi", "ProductsAndServices");
    text("Branchen", "Industries");
    text("Secteurs d’activité", "Industries");
    text("应用领域", "Industries");
    text("Notre équipe", "Team");
    text("Geschäftsführung", "Team");
    text("Zespół", "Team");
    text("Karriere", "Careers");
    text("Jobs &amp; Karriere", "Careers");
    text("採用情報", "Careers");
    text("Trabalhe Conosco", "Careers");
    text("Vacatures", "Careers");
    text("Вакансии", "Careers");
    text("Aktuelles", "News");
    text("Novinky", "News");
    text("お知らせ", "News");
    text("Notícias", "News");
    text("Blog", "Blog");
    text("Ratgeber", "Blog");
    text("Service", "Support");
    text("Häufige Fragen", "Support");
    text("よくある質問", "Support");
    text("Klantenservice", "Support");
    text("Händler", "Partners");
    text("Партнеры", "Partners");
    text("Pricing", "Pricing");
    text("Cennik", "Pricing");
    text("料金プラン", "Pricing");
    text("Impressum", "Legal");
    text("Mentions légales", "Legal");
    text("Privacy Policy", "Legal");
    text("Polityka prywatności", "Legal");
    text("特定商取引法に基づく表記", "Legal");
    text("Allgemeine Geschäftsbedingungen", "Legal");
    text("سياسة الخصوصية", "Legal");
    text("References", "Etc");
    text("Réalisations", "Etc");
}

#[test]
fn texts_of_no_page_to_list() {
    for skipped in [
        "Home",
        "Startseite",
        "Login",
        "Anmelden",
        "Warenkorb",
        "Search",
        "English",
        "Deutsch",
        "日本語",
        "ログイン",
        "Sitemap",
        "x",
    ] {
        text(skipped, "");
    }
}

#[test]
fn addresses_alone() {
    path("/about-us/", "About");
    path("/ueber-uns.html", "About");
    path("/de/unternehmen/", "About");
    path("/kontakt", "Contacts");
    path("/contact.php", "Contacts");
    path("/o-firmie", "About");
    path("/produkte/", "ProductsAndServices");
    path("/%E4%BC%9A%E7%A4%BE%E6%A6%82%E8%A6%81/", "About");
    path("/mentions-legales", "Legal");
    path("/company/team", "Team");
    path("/news/2024/pumps-for-the-harbour", "");
    path("/blog/how-we-contact-our-customers-about-products", "");
    path("/en", "");
    path("/index.html", "");
    path("/flyer-products.pdf", "");
    path("/about/team.jpg", "");
    path("/tag/products", "");
    path("/news/page/2", "");
    path("/login", "");
    path("/cart", "");
    path("/wp-admin/about", "");
    path("/products?page=2", "");
    path("/about?lang=en", "");
    path("/#about", "");
    path("/xyz#contact", "");
}

#[test]
fn headlines_are_no_pages() {
    let headlines = "<main><a href='/n/1'>Acme opens new plant for special products in Hamburg</a>\
        <a href='/n/2'>Ten questions about pumps</a></main>";
    assert!(found(headlines).is_empty());
}

#[test]
fn only_the_own_domain_counts() {
    let html = "<nav><a href='https://other.com/about'>About</a><a href='https://careers.example.com/jobs'>Jobs</a>\
        <a href='mailto:a@example.com'>Contact</a><a href='tel:1'>Contact</a><a href='https://notexample.com/x'>Team</a></nav>";
    assert_eq!(found(html), ["careers.example.com/jobs Careers"]);
}

#[test]
fn each_page_stands_once_as_the_site_writes_it() {
    let html = "<nav><a href='/about/?utm_source=nav'>About</a><a href='/about'>About us</a>\
        <a href='/about/index.html'>Company</a><a href='/About/#history'>x</a><a href='/p.php?id=7&gclid=1'>Products</a></nav>";
    assert_eq!(found(html), ["example.com/about/ About", "example.com/p.php?id=7 ProductsAndServices"]);
}

#[test]
fn a_better_text_for_the_same_page_counts() {
    let html = "<main><a href='/k'>Read more</a></main><footer><a href='/k'>Kontakt</a></footer>";
    assert_eq!(found(html), ["example.com/k Contacts"]);
}

#[test]
fn kinds_are_limited_and_ordered() {
    let mut html = "<nav><a href='/z'>Contact</a>".to_owned();
    for n in 0..10 {
        html += &format!("<a href='/p{n}'>Products</a><a href='/s{n}'>Support</a><a href='/e{n}'>Things {n}</a>");
    }
    let found = found(&html);
    let count = |kind: &str| found.iter().filter(|f| f.ends_with(kind)).count();
    assert_eq!((count("Services"), count("Support"), count("Etc"), count("Contacts")), (6, 3, 3, 1));
    assert_eq!(
        (found[0].as_str(), found[1].as_str()),
        ("example.com/z Contacts", "example.com/p0 ProductsAndServices")
    );
}

#[test]
fn other_languages_are_left_out() {
    let nav = "<nav><a href='/de/ueber-uns'>Über uns</a><a href='/en/about'>About</a><a href='/it'>IT</a>\
        <a href='/it/servizi'>Servizi</a><a href='/fr/'>Français</a></nav>";
    assert_eq!(on(&[read("https://www.example.com/de/", nav)], Some("de")), ["example.com/de/ueber-uns About"]);
    assert_eq!(on(&[read("https://www.example.com/", nav)], Some("en")), ["example.com/en/about About"]);
}

#[test]
fn anchors_of_a_single_page_give_nothing() {
    assert!(
        found("<nav><a href='#about'>About</a><a href='/#contact'>Contact</a><a href='/'>Home</a></nav>").is_empty()
    );
}

fn next(pages: &[Page], language: &str, sitemap: &[&str]) -> Vec<String> {
    next_for(pages, language, sitemap, Lacking::EVERYTHING)
}

fn next_for(pages: &[Page], language: &str, sitemap: &[&str], lacking: Lacking) -> Vec<String> {
    let sitemap: Vec<Url> = sitemap.iter().map(|url| Url::parse(url).expect("a URL")).collect();
    let site = Site { pages, domain: "example.com", language: language.parse().ok(), country: None };
    worth_reading(&site, &sitemap, lacking).iter().map(|url| url.path().to_owned()).collect()
}

/// A profile that has all that it needs.
const COMPLETE: Lacking = Lacking {
    legal_name: false,
    address: false,
    phone: false,
    email: false,
    people: false,
    business: false,
    more: true,
};

#[test]
fn the_imprint_is_read_first_and_privacy_not_beside_it() {
    let nav = "<nav><a href='/produkte/'>Produkte</a><a href='/unternehmen/'>Unternehmen</a><a href='/team/'>Team</a>\
        <a href='/kontakt/'>Kontakt</a></nav><footer><a href='/impressum/'>Impressum</a>\
        <a href='/datenschutz/'>Datenschutz</a><a href='/agb/'>AGB</a><a href='/news/'>News</a></footer>";
    let home = [read("https://www.example.com/", nav)];
    assert_eq!(next(&home, "de", &[]), ["/impressum/", "/kontakt/", "/team/", "/unternehmen/", "/produkte/"]);
    let two = [read("https://www.example.com/", nav), read("https://www.example.com/impressum", nav)];
    assert_eq!(next_for(&two, "de", &[], COMPLETE)[..3], ["/kontakt/", "/team/", "/unternehmen/"]);
}

#[test]
fn what_is_lacking_decides() {
    let nav = "<nav><a href='/services/'>Services</a><a href='/contact/'>Contact</a><a href='/branches/'>Branches</a>\
        <a href='/team/'>Team</a></nav><footer><a href='/privacy-policy/'>Privacy policy</a><a href='/terms/'>Terms of service</a>\
        <a href='/jobs/'>Jobs</a><a href='/cookies/'>Cookie policy</a></footer>";
    let home = [read("https://www.example.com/", nav), read("https://www.example.com/contact/", nav)];
    let only = |lacking: Lacking| next_for(&home, "en", &[], lacking);
    // One of the legal pages is read in any case, since it names the company.
    assert_eq!(only(COMPLETE)[..4], ["/privacy-policy/", "/team/", "/branches/", "/jobs/"]);
    assert_eq!(only(Lacking { business: true, ..COMPLETE })[3], "/services/");
    let essentials = Lacking { legal_name: true, people: true, ..COMPLETE }.essentials().expect("a name is essential");
    assert_eq!(only(essentials), ["/terms/", "/privacy-policy/"]);
    assert_eq!(Lacking { phone: true, business: true, ..COMPLETE }.essentials(), None, "it can be reached by e-mail");
}

#[test]
fn pages_already_read_count_under_the_name_of_their_link() {
    let nav = "<nav><a href='/?id=7'>Impressum</a><a href='/agb'>AGB</a></nav>";
    let pages = [read("https://www.example.com/", nav), read("https://www.example.com/?id=7", nav)];
    assert_eq!(next_for(&pages, "de", &[], COMPLETE), ["/kontakt", "/ueber-uns", "/agb"]);
}

#[test]
fn the_sitemap_and_usual_paths_fill_gaps() {
    let home = [read("https://www.example.com/", "<nav><a href='/kontakt'>Kontakt</a></nav>")];
    let sitemap =
        ["https://www.example.com/kontakt-2", "https://www.example.com/ueber-uns", "https://www.example.com/blog/a"];
    assert_eq!(next(&home, "de", &sitemap), ["/kontakt", "/impressum", "/ueber-uns"]);
    let bare = [read("https://www.example.com/", "<p>Hello")];
    assert_eq!(next(&bare, "fr", &[]), ["/mentions-legales", "/contact", "/a-propos", "/qui-sommes-nous"]);
    assert_eq!(next(&bare, "", &[]), ["/contact", "/about", "/contact-us", "/about-us"]);
    let french = [read("https://www.example.com/fr/", "<p>Bonjour")];
    assert_eq!(next(&french, "fr", &[])[..2], ["/fr/mentions-legales", "/fr/contact"]);
}

#[test]
fn the_language_of_the_site_is_kept() {
    let nav = "<nav><a href='/en/contact'>Contact</a><a href='/fr/contact'>Contact</a><a href='/fr/'>FR</a>\
        <a href='/en/legal-notice'>Legal notice</a><a href='/fr/mentions-legales'>Mentions légales</a></nav>";
    let home = [read("https://www.example.com/fr/", nav)];
    assert_eq!(next(&home, "fr", &[])[..2], ["/fr/mentions-legales", "/fr/contact"]);
}

#[test]
fn a_hundredth_page_of_a_kind_is_worth_nothing() {
    let nav: String = (0..30)
        .map(|n| format!("<a href='/a{n}'>About us</a><a href='/t{n}'>Team</a><a href='/c{n}'>Contact</a>"))
        .collect();
    let home = [read("https://www.example.com/", &nav)];
    let urls = next(&home, "en", &[]);
    assert_eq!(urls[..3], ["/c0", "/t0", "/a0"]);
    assert!(urls.len() < 15, "{urls:?}");
}

#[test]
fn terms_stand_in_for_an_imprint_once_others_have_shown_their_links() {
    let nav = "<nav><a href='/services/'>Services</a><a href='/products/'>Products</a><a href='/contact/'>Contact</a>\
        <a href='/about/'>About</a></nav><footer><a href='/privacy/'>Privacy</a><a href='/terms/'>Terms</a>\
        <a href='/jobs/'>Jobs</a></footer>";
    let home = [read("https://www.example.com/", nav)];
    assert_eq!(next(&home, "en", &[])[..3], ["/contact/", "/about/", "/jobs/"]);
    let two = [read("https://www.example.com/", nav), read("https://www.example.com/about/", nav)];
    assert_eq!(next(&two, "en", &[])[..3], ["/contact/", "/privacy/", "/terms/"]);
}

#[test]
fn parts_of_a_page_are_not_guessed_as_pages() {
    let nav = "<nav><a href='#kontakt'>Kontakt</a><a href='/#ueber-uns'>Über uns</a></nav>";
    let home = [read("https://www.example.com/", nav)];
    assert_eq!(next(&home, "de", &[]), ["/impressum"]);
}

#[test]
fn policies_blogs_and_collections_of_shops() {
    assert_eq!(
        found(
            "<footer><a href='/policies/refund-policy'>Returns</a><a href='/policies/shipping-policy'>Shipping</a></footer>"
        ),
        ["example.com/policies/refund-policy Legal", "example.com/policies/shipping-policy Legal"]
    );
    path("/blogs/news", "Blog");
    path("/blogs/journaal", "Blog");
    path("/blogs/journaal/weven", "");
    text("O kancelarii", "About");
    text("Der Verband", "About");
    text("회원사", "Partners");
    assert_eq!(
        found("<nav><a href='/collections/shipping-bags'>Bags</a></nav>"),
        ["example.com/collections/shipping-bags ProductsAndServices"]
    );
    text("Ansprechpartner", "Team");
    text("Om foreningen", "About");
    path("/om/", "About");
    text("Nos spécialités", "ProductsAndServices");
}

#[test]
fn framesets_name_their_documents() {
    let page = read(
        "https://www.example.com/",
        "<title>Works</title><frameset rows='96,*'><frame src=top.html><frameset cols='190,*'><frame src='menu.html'>\
         <frame name=main src='/main.html'><frame src='javascript:0'><frame></frameset><noframes>No frames</noframes></frameset>",
    );
    let frames: Vec<&str> = page.frames.iter().map(Url::as_str).collect();
    let expected =
        ["https://www.example.com/top.html", "https://www.example.com/menu.html", "https://www.example.com/main.html"];
    assert_eq!(frames, expected);
    assert!(
        page.lines.iter().all(|line| !line.text.contains("No frames")),
        "what is shown without frames is not shown"
    );
    assert!(read("https://www.example.com/", "<iframe src=x.html></iframe><frame src=y.html>").frames.is_empty());
}

proptest::proptest! {
    #[test]
    fn no_link_panics(href in "(/[\\PC%#?&=.]{0,12}){0,4}", label in "\\PC{0,60}") {
        let html = format!("<nav><a href=\"{href}\">{label}</a></nav>");
        let pages = [read("https://www.example.com/de/", &html)];
        let _ = on(&pages, Some("de"));
        let _ = next(&pages, "de", &[]);
    }
}

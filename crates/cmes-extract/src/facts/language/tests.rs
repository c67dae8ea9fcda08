//! Texts of many languages, with right, wrong and no markup.

use url::Url;

use super::*;
use crate::page::{RawPage, read};

fn page(url: &str, headers: &[(String, String)], html: &str) -> Page {
    let url = Url::parse(url).expect("a URL");
    read(&RawPage { url: &url, headers, html })
}

fn language(html: &str) -> String {
    find(&[page("https://www.example.com/", &[], html)]).map(|finding| finding.value.to_string()).unwrap_or_default()
}

const TEXTS: &[(&str, &str)] = &[
    (
        "en",
        "We design and manufacture structural bolts, anchors and bespoke fasteners for construction and rail. Our team is based in four locations and delivers to your site within two days.",
    ),
    (
        "de",
        "Wir entwickeln und fertigen Kreiselpumpen für die Industrie. Unsere Kunden schätzen die kurzen Wege und die langjährige Erfahrung unserer Mitarbeiter in der Fertigung.",
    ),
    (
        "fr",
        "Nous concevons des identités visuelles et des sites pour les entreprises de la région. Notre équipe vous accompagne dans tous vos projets, du premier croquis à la mise en ligne.",
    ),
    (
        "es",
        "Somos una empresa familiar dedicada a la distribución de alimentos para hostelería. Con más de treinta años de experiencia, ofrecemos a nuestros clientes un servicio rápido y cercano.",
    ),
    (
        "it",
        "Lo studio offre consulenza alle imprese e ai privati in materia di diritto civile e commerciale. I nostri avvocati seguono i clienti in tutte le fasi della controversia.",
    ),
    (
        "pt",
        "Produzimos cafés especiais na serra e exportamos para mais de vinte países. Nossa equipe acompanha o grão desde a colheita até o embarque, com qualidade e respeito ao produtor.",
    ),
    (
        "nl",
        "Wij verkopen handgemaakte fietstassen van gerecycled zeildoek. Onze tassen worden in de eigen werkplaats gemaakt en zijn verkrijgbaar bij meer dan veertig winkels in het land.",
    ),
    (
        "pl",
        "Produkujemy meble dębowe na zamówienie. Nasza firma istnieje od ponad trzydziestu lat, a nasze stoły i krzesła znajdują się w domach oraz restauracjach w całej Polsce.",
    ),
    (
        "sv",
        "Vi installerar solceller för villor och företag i hela regionen. Våra certifierade montörer hjälper dig från första ritning till färdig anläggning, och vi är med dig efteråt.",
    ),
    (
        "fi",
        "Suunnittelemme ja valmistamme laitteita teollisuudelle. Meidän asiantuntijamme ovat mukana koko hankkeen ajan, ja toimitamme tuotteet asiakkaillemme nopeasti sekä varmasti.",
    ),
    (
        "hu",
        "Cégünk harminc éve gyárt alkatrészeket az autóipar számára. Ügyfeleink elégedettsége a legfontosabb, ezért minden terméket gondosan ellenőrzünk, és gyorsan szállítunk.",
    ),
    (
        "tr",
        "Firmamız otuz yıldır ev tekstili ürünleri üretmekte ve yirmi ülkeye ihracat yapmaktadır. Müşterilerimiz için en kaliteli ürünleri uygun fiyatlarla sunuyoruz.",
    ),
    (
        "ru",
        "Мы производим станки для обработки древесины и поставляем их по всей стране. Наши инженеры помогут выбрать оборудование и запустить его в эксплуатацию.",
    ),
    (
        "uk",
        "Ми виробляємо верстати для обробки деревини та постачаємо їх по всій країні. Наші інженери допоможуть вибрати обладнання і запустити його в роботу.",
    ),
    (
        "bg",
        "Ние произвеждаме машини за обработка на дървесина и ги доставяме в цялата страна. Нашите инженери ще ви помогнат да изберете подходящото оборудване.",
    ),
    ("ja", "当社は精密部品の加工を行う会社です。お客様のご要望に合わせて、試作から量産まで対応いたします。"),
    ("zh", "本公司专业生产各类阀门，产品远销二十多个国家和地区，欢迎新老客户来电咨询。"),
    ("ko", "저희 회사는 산업용 센서를 개발하고 생산합니다. 고객의 요구에 맞는 제품을 제공합니다."),
    ("ar", "نقدم خدمات التموين للشركات والمناسبات في جميع أنحاء الدولة، ونحرص على جودة الطعام وسرعة التوصيل."),
    ("fa", "ما انواع پمپ‌های صنعتی را طراحی و تولید می‌کنیم و به مشتریان در سراسر کشور خدمات می‌دهیم."),
    ("he", "אנו מפתחים ומייצרים חיישנים לתעשייה ומספקים שירות ללקוחות בכל הארץ."),
    ("el", "Σχεδιάζουμε και κατασκευάζουμε αντλίες για τη βιομηχανία και εξυπηρετούμε πελάτες σε όλη τη χώρα."),
    ("th", "เราออกแบบและผลิตปั๊มอุตสาหกรรมและให้บริการลูกค้าทั่วประเทศ"),
];

#[test]
fn texts_are_recognised_whatever_the_markup_says() {
    let mut wrong = Vec::new();
    for (expected, text) in TEXTS {
        for lang in ["", *expected, "en", "de-DE"] {
            let found = language(&format!("<html lang='{lang}'><p>{text}</p>"));
            if found != *expected {
                wrong.push(format!("{expected} declared as {lang:?}: {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn languages_that_read_alike_are_settled_by_the_declaration() {
    let norwegian = "Vi leverer og monterer solceller for bedrifter og private i hele landet. Vi hjelper deg med alt fra \
                     tegning til ferdig anlegg, og er med deg også etterpå.";
    for (lang, expected) in [("nb-NO", "no"), ("no", "no"), ("nn", "nn"), ("da", "da")] {
        assert_eq!(language(&format!("<html lang='{lang}'><p>{norwegian}</p>")), expected);
    }
    let croatian = "Naša tvrtka proizvodi namještaj po mjeri i isporučuje ga kupcima u cijeloj zemlji. Svi naši proizvodi \
                    izrađeni su od masivnog drva i nude se u više boja.";
    for lang in ["hr", "bs", "sr"] {
        assert_eq!(language(&format!("<html lang='{lang}'><p>{croatian}</p>")), lang);
    }
    let czech = "Naše firma vyrábí nábytek na zakázku a dodává ho zákazníkům po celé zemi. Všechny naše výrobky jsou z \
                 masivního dřeva, které pochází od místních dodavatelů.";
    assert_eq!(language(&format!("<html lang='cs'><p>{czech}</p>")), "cs");
}

#[test]
fn with_few_words_the_markup_decides() {
    let declared = |html: &str| language(html);
    assert_eq!(declared("<html lang='de'><p>Hello"), "de");
    assert_eq!(declared("<html lang='nb'>"), "no");
    assert_eq!(declared("<html lang='zh-Hant-TW'><p>OK"), "zh");
    assert_eq!(declared("<meta property='og:locale' content='fr_FR'><p>OK"), "fr");
    assert_eq!(declared("<meta http-equiv='content-language' content='it'><p>OK"), "it");
    assert_eq!(declared("<p>12345"), "");
    let header = [("content-language".to_owned(), "es, en".to_owned())];
    let found = find(&[page("https://a.example/", &header, "<p>OK")]).expect("a language");
    assert_eq!(
        (found.value.as_str(), found.method, found.snippet.as_str()),
        ("es", Method::Header, "Content-Language: es")
    );
    let found = find(&[page("https://a.example/pl/", &[], "")]).expect("a language");
    assert_eq!((found.value.as_str(), found.method), ("pl", Method::Inferred));
    assert!(find(&[]).is_none());
}

#[test]
fn menus_and_banners_and_footers_do_not_speak_for_the_site() {
    let german = TEXTS[1].1;
    let english = TEXTS[0].1;
    let html = format!(
        "<nav>{english}</nav><div class='cookie-banner'>{english}</div><main>{german}</main><footer>{english}</footer>"
    );
    assert_eq!(language(&html), "de");
}

#[test]
fn a_first_page_of_few_words_is_helped_by_the_next() {
    let french = TEXTS[2].1;
    let pages =
        [page("https://a.example/", &[], "<h1>Lumen</h1>"), page("https://a.example/x", &[], &format!("<p>{french}"))];
    assert_eq!(find(&pages).map(|finding| finding.value.to_string()).as_deref(), Some("fr"));
}

#[test]
fn every_language_of_the_statistics_has_a_code() {
    for lang in Lang::all() {
        let code = iso(*lang).filter(|code| code.parse::<LanguageCode>().is_ok());
        // Esperanto is no company's language.
        assert!(code.is_some() || lang.code() == "epo", "{}", lang.code());
    }
}

//! What a page is for, by its address and title.

use std::sync::LazyLock;

use crate::page::Page;
use crate::places::fold;
use crate::words::Lists;

/// Kinds of pages that matter for whose address stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageKind {
    /// The first page.
    Home,
    /// The legal notice.
    Imprint,
    /// How to reach the company.
    Contact,
    /// About the company.
    About,
    /// Its branches.
    Branches,
    /// Privacy policy and terms, which name authorities and suppliers too.
    Legal,
    /// News, products and all else.
    Other,
    /// References, events, dealers: addresses of others.
    Foreign,
}

const PATHS: &[(PageKind, &str)] = &[
    (
        PageKind::Legal,
        "privacy|datenschutz|privacidad|privacidade|privacidad|confidentialite|riservatezza|cookie|terms|agb|cgv|conditions|condiciones|\
         gdpr|dsgvo|rgpd|policy|policies|polityka|politica|integritet|personvern|persondata|privatliv|tietosuoja|konfidencial|confidential|\
         konfiden|soglas|osobnich-udaj|osobnych-udaj|gdpr|podmink|podmienk|regulamin|rodo|voorwaarden|villkor|vilkar|betingelser|ehdot|adatkezel|adatvedel|\
         aszf|termeni|termini|condizioni|termos|zasebnost|privatnost|oferta|gizlilik|aydinlatma|kvkk|aporrit|oroi|απορρήτου|όροι|\
         конфиденц|конфіденц|персональн|оферта|поверителност|プライバシー|個人情報|利用規約|隐私|隱私|条款|개인정보|이용약관|الخصوصية|الشروط|פרטיות|תקנון",
    ),
    (
        PageKind::Imprint,
        "impressum|imprint|legal-notice|legal notice|legalnotice|mentions-legales|mentions legales|mentions|aviso-legal|aviso legal|\
         avisolegal|note-legali|note legali|colophon|impresum|impresszum|imprint|legal|tokusho|特定商取引|omakase|imprint|disclaimer|\
         company-information|rechtliches|datos-legales|kolofon|requisites|rekvizit|реквизиты|anbieterkennzeichnung|kunye|künye|foretagsinformation|特商法|stoixeia|στοιχεία|dane-firmy|dane-spolki|identificacion|regulatory",
    ),
    (
        PageKind::Contact,
        "contact|kontakt|contacto|contatti|contato|contattaci|contactez|nous-trouver|kapcsolat|elerhetoseg|yhteystiedot|iletisim|\
         контакты|контакти|контакт|epikoinonia|επικοινωνια|lien-he|inquiry|お問い合わせ|アクセス|access|联系|聯絡|문의|오시는|צור קשר|اتصل|\
         hubungi|anfahrt|find-us|reach-us|get-in-touch|kontaktai|kontakti|yhteys|ota-yhteytta|contacte|fale-conosco|onde-estamos|lien-he|kontaktid|rekvisiitid",
    ),
    (
        PageKind::Branches,
        "branches|locations|standorte|filialen|niederlassungen|sedi|sucursales|agences|vestigingen|offices|stores|unidades|\
         oddzialy|pobocky|филиалы|拠点|子公司|network|locaties|delegaciones|nos-agences|oficinas|standort|location|store-locator",
    ),
    (
        PageKind::About,
        "about|ueber-uns|uber-uns|über uns|unternehmen|company|firma|o-nas|o-firmie|o-firme|qui-sommes|a-propos|chi-siamo|azienda|\
         quienes|empresa|sobre|quem-somos|over-ons|om-oss|om-os|o-kompanii|会社概要|会社案内|企業情報|公司|회사소개|kurumsal|hakkimizda|\
         rolunk|despre|za-nas|meist|yritys|lo-studio|agence|studio|profile|gaiyou|outline|corporate|organisation|wer-wir-sind|tietoa|o-kancelar|o-spolecnosti|o-spolocnosti|o-podjetju|o-tvrtki|o-zavode|o-predpriyatii|gioi-thieu|ve-chung-toi|etaireia|εταιρεία",
    ),
    (
        PageKind::Foreign,
        "reference|referenz|referenc|customer|kunden|client|testimonial|case-stud|event|veranstalt|termine|messe|jobs|career|karriere|\
         stellen|dealer|haendler|händler|partner|distribut|vertriebspartner|realisation|portfolio|news|blog|presse|press|aktuell|\
         projekt|project|noticias|actualite|notizie|nieuws|stories|success|rivenditori|stockist|wo-kaufen|where-to-buy",
    ),
];

static PATH_WORDS: LazyLock<Lists<PageKind>> =
    LazyLock::new(|| Lists::new(PATHS.iter().map(|(kind, words)| (*kind, words.split('|')))));

/// The kind of a page.
pub(crate) fn page_kind(page: &Page) -> PageKind {
    let path = percent_encoding::percent_decode_str(page.url.path()).decode_utf8_lossy().to_lowercase();
    let trimmed =
        path.trim_end_matches('/').trim_end_matches(".html").trim_end_matches(".php").trim_end_matches(".htm");
    let is_language = |part: &str| part.len() == 2 || part.len() == 5 && part.contains(['-', '_']);
    let parts: Vec<&str> = trimmed.split('/').filter(|part| !part.is_empty() && !is_language(part)).collect();
    if parts.is_empty() || matches!(parts.as_slice(), ["index" | "home" | "default" | "start"]) {
        return PageKind::Home;
    }
    // The last part says what the page is, the ones before what it is part of.
    let of = |text: &str| {
        let text = text.replace(['_', '+', '%'], "-");
        PATH_WORDS.first(&text, |word| {
            word.start == 0 || !text[word.clone()].is_ascii() || text[..word.start].ends_with(['-', ' ', '.'])
        })
    };
    let title = fold(crate::page::prefix(&page.title, 60));
    let title = title.split(' ').next().unwrap_or_default();
    parts.iter().rev().find_map(|part| of(part)).or_else(|| of(title)).unwrap_or(PageKind::Other)
}

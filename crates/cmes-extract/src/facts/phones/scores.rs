//! What the words around a number add to its place in the order.

use std::sync::LazyLock;

use super::labels::Label;
use super::number;
use crate::words::Lists;

/// What the label adds.
pub(super) fn label_score(label: Option<Label>) -> i32 {
    match label {
        Some(Label::Mobile) => -12,
        Some(Label::Both) => -3,
        Some(Label::Phone) => 3,
        _ => 0,
    }
}

/// The words before a number in its line.
pub(super) fn words_around(line: &str, link: &str) -> i32 {
    let end = if link.is_empty() { None } else { line.find(link) };
    let end = end.or_else(|| line.find(|c: char| number::digit(c).is_some())).unwrap_or(line.len());
    let head = line.get(..end).unwrap_or_default();
    let start = head.ceil_char_boundary(head.len().saturating_sub(60));
    score_words(&head.get(start..).unwrap_or_default().to_lowercase())
}

const CENTRAL: &[&str] = &[
    "zentrale",
    "switchboard",
    "head office",
    "headquarter",
    "hauptsitz",
    "siège",
    "sede central",
    "sede legale",
    "sede principal",
    "本社",
    "代表",
    "総務",
    "总部",
    "總部",
    "본사",
    "대표",
    "centrala",
    "huvudkontor",
    "hovedkontor",
    "pääkonttori",
    "hoofdkantoor",
    "главный офис",
    "центральный офис",
    "merkez",
    "central",
    "centralino",
    "general enquir",
    "main office",
    "conmutador",
    "vaihde",
    "växel",
    "ústředna",
    "matriz",
    "siedziba",
    "المقر الرئيسي",
];
const BRANCH: &[&str] = &[
    "niederlassung",
    "filiale",
    "zweigstelle",
    "außenstelle",
    "branch",
    "sucursal",
    "delegación",
    "agence de",
    "succursale",
    "oddział",
    "филиал",
    "支店",
    "営業所",
    "分公司",
    "办事处",
    "지사",
    "filial",
    "showroom",
    "lager",
    "warehouse",
    "şube",
    "oficina",
    "escritório",
    "東京",
    "大阪",
    "fabrik",
    "salon",
];
const ASIDE: &[&str] = &[
    "notdienst",
    "notfall",
    "emergency",
    "24h",
    "24/7",
    "service",
    "support",
    "kundendienst",
    "hotline",
    "technical",
    "сервис",
    "поддержк",
    "サポート",
    "售后",
    "热线",
    "호출",
    "urgence",
    "asistencia",
    "assistenza",
    "serwis",
    "servis",
    "reklamation",
    "buchhaltung",
    "accounts",
    "administración",
    "administracion",
    "comptabilité",
    "księgowość",
    "бухгалтер",
    "billing",
    "retour",
];
const FAR: &[&str] = &[
    "bewerb",
    "karriere",
    "jobs",
    "career",
    "recruit",
    "human resources",
    "personal",
    "press",
    "presse",
    "media",
    "採用",
    "招聘",
    "人事",
    "kadry",
    "отдел кадров",
    "rh ",
    "recursos humanos",
    "datenschutz",
    "privacy",
    "kariera",
    "praca",
    "investor",
];

/// What words add wherever they stand: in a heading, a line, a `contactType`.
pub(super) fn score_words(text: &str) -> i32 {
    // Each list counts once, however many of its words stand there.
    let mut scores: Vec<i32> = SCORES.all(text).map(|(score, _)| score).collect();
    scores.sort_unstable();
    scores.dedup();
    scores.into_iter().sum()
}

static SCORES: LazyLock<Lists<i32>> =
    LazyLock::new(|| Lists::new([(20, CENTRAL), (-18, BRANCH), (-14, ASIDE), (-25, FAR)]));

//! Boxes at the post office.

use crate::places::fold;

/// Whether a part of an address is a box, with its number.
pub(in crate::facts::address) fn is_box(part: &str) -> bool {
    // Folded, as the part is.
    const BOXES: &[&str] = &[
        "po box",
        "p o box",
        "pob ",
        "postfach",
        "postbus",
        "casella postale",
        "apartado",
        "apdo",
        "caixa postal",
        "casilla",
        "postboks",
        "box ",
        "bp ",
        "b p ",
        "cs ",
        "а я",
        "а с",
        "п я",
        "boite postale",
        "case postale",
        "postilokero",
        "pl ",
        "gpo box",
        "locked bag",
        "private bag",
        "skrytka poczt",
        "skr poczt",
        "posta kutusu",
        "pk ",
        "postafiok",
        "pf ",
        "τθ",
        "ταχ θυρ",
        "postbox",
        "صب",
        "صندوق بريد",
        "תד",
        "תא דואר",
        "私書箱",
        "信箱",
        "사서함",
        "peti surat",
        "kotak pos",
    ];
    const BETWEEN: &[&str] = &["no", "nr", "n", "number", "de", "correos", "aereo", "postal"];
    let folded = fold(part);
    let rest = BOXES.iter().find_map(|start| folded.strip_prefix(start)).unwrap_or_default();
    let mut words = rest.split(' ').filter(|word| !word.is_empty() && !BETWEEN.contains(word));
    // Some have no number: the town knows whose it is.
    let is_alone = rest.is_empty() && matches!(folded.as_str(), "postfach" | "case postale" | "casella postale");
    is_alone || words.next().is_some_and(|word| word.starts_with(char::is_numeric))
}

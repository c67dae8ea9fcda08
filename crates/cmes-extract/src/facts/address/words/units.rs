//! Parts of buildings: floors, rooms, entrances.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::places::fold;

use super::{is_floor, words};

/// Words for units, by which they begin or end, in many languages; folded.
const UNITS: &str = "suite ste floor fl flr unit room rm office apt apartment flat level studio shop bldg building block entrance \
    etage edificio edif ed torre tower turm bloc bl bloque og eg ug dg stock stiege tur top hinterhaus hinterhof vorderhaus seitenflugel aufgang eingang halle gebaude haus raum buro \
    etg bureau bat batiment escalier appartement porte rdc \
    piso planta puerta oficina of ofic despacho local nave escalera esc int interior depto departamento dpto \
    sala andar conj conjunto cj loja apto fracao esq dto \
    piano interno scala ufficio palazzina \
    hal verdieping kantoor ingang bus kamer vloer etage \
    lok lokal pietro wejscie klatka pok pokoj budynek bud \
    patro poschodie vchod kancelar kancelaria \
    emelet em ajto lepcsohaz iroda fsz \
    et etaj ap apartament birou sc scara \
    sal th tv mf vaning plan trappa lgh krs rappu korrus kabinet kerros \
    kat daire no:d \
    офис оф этаж эт пом помещ помещение комн комната каб кабинет кв квартира подъезд ауд ет етаж вх вход ап апт оф.  офіс поверх кімн прим \
    sprat stan ulaz \
    οροφοσ οροφος γραφειο κτιριο \
    קומה משרד דירה כניסה בניין בנין חדר \
    مكتب طابق الطابق شقة الدور غرفة محل \
    tang lau phong toa";

static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| UNITS.split_whitespace().map(fold).collect());

/// Whether a part of an address is a unit within the house: `Suite 300`,
/// `2nd floor`, `III piętro`, `Hinterhaus`, `1204호`.
pub(in crate::facts::address) fn is_unit(part: &str) -> bool {
    let words = words(part);
    let is_word = |word: Option<&String>| word.is_some_and(|word| WORDS.contains(word));
    is_floor(part, &words)
        || part.starts_with('#')
        || is_numbered_room(part)
        || words.len() <= 4 && (is_word(words.first()) || is_word(words.last()))
}

/// `1204호`, `다온스타위드 1207호`: a room, with the building's name.
fn is_numbered_room(part: &str) -> bool {
    let number = part.strip_suffix(['호', '層', '层', '층', '階', '室', '樓', '楼']).unwrap_or_default();
    number.ends_with(|c: char| c.is_ascii_digit())
}

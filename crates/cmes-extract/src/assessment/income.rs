//! What companies spend, by the income of their country.

use crate::places::Country;

/// High, low and lower-middle incomes by the World Bank's classification of
/// 2025; all others are upper-middle.
const HIGH: &str = "AD AE AG AS AT AU AW BB BE BG BH BM BN BS CA CH CL CR CW CY CZ DE DK EE ES FI FO FR GB GI GL GR GU GY \
    HK HR HU IE IL IM IS IT JP KN KR KW KY LI LT LU LV MC MF MO MP MT NC NL NO NR NZ OM PA PF PL PR PT PW QA RO RU SA SC \
    SE SG SI SK SM SX TC TT TW US UY VA VG VI JE GG";
const LOW: &str = "AF BF BI CD CF ER ET GM GW KP LR MG ML MW MZ NE RW SD SL SO SS SY TD TG UG YE";
const LOWER_MIDDLE: &str = "AO BD BJ BO BT CG CI CM DJ EG FM GH GN HN HT IN JO KE KG KH KI KM LA LB LK LS MA MM MR NG NI NP \
    PG PH PK PS SB SN ST SZ TJ TL TN TZ UZ VN VU ZM ZW";

/// Factor of the spending in a country with a high income.
pub(super) fn factor(country: Country) -> f64 {
    let is_in = |list: &str| list.split_ascii_whitespace().any(|code| code == country.code());
    if is_in(HIGH) {
        1.0
    } else if is_in(LOW) {
        0.15
    } else if is_in(LOWER_MIDDLE) {
        0.25
    } else {
        0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_is_in_one_group() {
        let mut seen = std::collections::HashSet::new();
        for code in [HIGH, LOW, LOWER_MIDDLE].into_iter().flat_map(str::split_ascii_whitespace) {
            assert!(Country::from_code(code).is_some(), "{code}");
            assert!(seen.insert(code), "{code} twice");
        }
        let of = |code| Country::from_code(code).map(factor);
        assert_eq!([of("DE"), of("BR"), of("IN"), of("UG")], [Some(1.0), Some(0.5), Some(0.25), Some(0.15)]);
    }
}

//! Check digits of numbers by which companies are known. Rules: the European
//! Commission's VIES algorithms, and each register's own publication.

/// Whether a number passes its check; `number` has neither blanks nor marks,
/// letters are capitals, a country prefix of VAT numbers is left out.
/// `None`: there is no such check.
pub(super) fn passes(check: &str, number: &str) -> Option<bool> {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let d = digits.as_slice();
    Some(match check {
        "-" => true,
        "luhn" => luhn(d),
        "mod97" => by_remainder(d, 2, |front| 97 - front % 97),
        "mod11" => value(d).is_multiple_of(11),
        "mod11-10" => mod11_10(d),
        "at-vat" => last(d, |front| {
            let sum: u32 = front.iter().zip([1, 2].iter().cycle()).map(|(d, w)| crossed(d * w)).sum();
            (96 - sum % 10) % 10
        }),
        "bg-eik" => d.len() == 10 || bulgarian(d),
        "cz-vat" => d.len() != 8 || ico(d),
        "ico" => ico(d),
        "dk-cvr" => weighted(d, &[2, 7, 6, 5, 4, 3, 2, 1]).is_some_and(|sum| sum % 11 == 0),
        "ee-vat" => weighted(d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_some_and(|sum| sum % 10 == 0),
        "gr-afm" => last(d, |front| front.iter().fold(0, |sum, d| (sum + d) * 2) % 11 % 10),
        "es-nif" => spanish(number),
        "fi-vat" | "fi-ytunnus" => weighted(d, &[7, 9, 10, 5, 8, 4, 2, 1]).is_some_and(|sum| sum % 11 == 0),
        "fr-vat" => french(number),
        "hu-vat" => weighted(d.get(..8)?, &[9, 7, 3, 1, 9, 7, 3, 1]).is_some_and(|sum| sum % 10 == 0),
        "lu-vat" => by_remainder(d, 2, |front| front % 89),
        "lv-vat" => {
            d.first() > Some(&3) && weighted(d, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]).is_some_and(|sum| sum % 11 == 3)
        }
        "mt-vat" => by_remainder(d, 2, |front| {
            let sum = [3, 4, 6, 7, 8, 9].iter().zip(spread(front, 6)).map(|(w, d)| w * u64::from(d)).sum::<u64>();
            37 - sum % 37
        }),
        "nl-vat" => dutch(number),
        "pl-nip" => weighted(d, &[6, 5, 7, 2, 3, 4, 5, 6, 7, 10]).is_some_and(|sum| sum % 11 == 0),
        "pt-nif" => last(d, |front| (11 - sum(front, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10),
        "ro-cui" => romanian(d),
        "se-vat" => luhn(d.get(..10)?),
        "si-vat" => last(d, |front| (11 - sum(front, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 10) && d.first() != Some(&0),
        "gb-vat" => british(d.get(..9)?),
        "no-org" => weighted(d, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_some_and(|sum| sum % 11 == 0),
        "ch-uid" => weighted(d, &[5, 4, 3, 2, 7, 6, 5, 4, 1]).is_some_and(|sum| sum % 11 == 0),
        "regon" => last(d.get(..9)?, |front| sum(front, &[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10),
        "inn" => russian(d),
        "ogrn" => by_remainder(d, 1, |front| front % (if d.len() == 13 { 11 } else { 13 }) % 10),
        "cnpj" => brazilian(d),
        "cuit" => last(d, |front| (11 - sum(front, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10),
        "ruc" => last(d, |front| (11 - sum(front, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10),
        "rut" => chilean(number),
        "nit" => {
            d.len() == 9
                || last(d, |front| {
                    let rest = sum(front, &[41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11;
                    if rest < 2 { rest } else { 11 - rest }
                })
        }
        "abn" => {
            let (first, rest) = d.split_first()?;
            let weights = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
            *first > 0 && ((first - 1) * 10 + sum(rest, &weights)).is_multiple_of(89)
        }
        "acn" => last(d, |front| (10 - sum(front, &[8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10),
        "gs1" => last(d, |front| (10 - sum(front, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10) % 10),
        "gstin" => luhn_36(number),
        "uscc" => chinese(number),
        "jp-corporate" | "jp-invoice" => {
            let (first, rest) = d.split_first()?;
            let weights = [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1];
            *first == 9 - sum(rest, &weights) % 9
        }
        "kr-brn" => last(d, |front| {
            let carry = front.last().map_or(0, |d| d * 5 / 10);
            (10 - (sum(front, &[1, 3, 7, 1, 3, 7, 1, 3, 5]) + carry) % 10) % 10
        }),
        "tw-ubn" => taiwanese(d),
        "th-tin" => last(d, |front| (11 - sum(front, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10),
        "il-id" => luhn(d),
        "lei" => remainder_97(number) == 1,
        _ => return None,
    })
}

fn value(digits: &[u32]) -> u64 {
    digits.iter().fold(0_u64, |value, d| value.wrapping_mul(10).wrapping_add(u64::from(*d)))
}

fn sum(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(d, w)| d * w).sum()
}

/// The weighted sum, where there are as many digits as weights.
fn weighted(digits: &[u32], weights: &[u32]) -> Option<u32> {
    (digits.len() == weights.len()).then(|| sum(digits, weights))
}

/// Whether the last digit is what the ones before it give.
fn last(digits: &[u32], check: impl Fn(&[u32]) -> u32) -> bool {
    digits.split_last().is_some_and(|(last, front)| check(front) == *last)
}

/// Whether the last `length` digits are what the number before them gives.
fn by_remainder(digits: &[u32], length: usize, check: impl Fn(u64) -> u64) -> bool {
    digits.len().checked_sub(length).is_some_and(|at| {
        let (front, end) = digits.split_at(at);
        check(value(front)) == value(end)
    })
}

fn crossed(value: u32) -> u32 {
    value / 10 + value % 10
}

/// The digits of a number, filled up with zeros in front.
fn spread(value: u64, length: u32) -> impl Iterator<Item = u32> {
    (0..length).rev().map(move |at| u32::try_from(value / 10_u64.pow(at) % 10).unwrap_or_default())
}

fn luhn(digits: &[u32]) -> bool {
    let double = |(at, d): (usize, &u32)| if at % 2 == 1 { crossed(d * 2) } else { *d };
    digits.iter().any(|d| *d != 0) && digits.iter().rev().enumerate().map(double).sum::<u32>().is_multiple_of(10)
}

/// ISO 7064, MOD 11,10.
fn mod11_10(digits: &[u32]) -> bool {
    last(digits, |front| {
        let product = front.iter().fold(10, |product, d| {
            let sum = (product + d) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        (11 - product) % 10
    })
}

fn ico(digits: &[u32]) -> bool {
    digits.len() == 8 && last(digits, |front| (11 - sum(front, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 10)
}

fn bulgarian(digits: &[u32]) -> bool {
    last(digits, |front| {
        let first = sum(front, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
        if first < 10 { first } else { sum(front, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10 }
    })
}

/// Companies (a letter, seven digits, a digit or letter) and persons.
fn spanish(number: &str) -> bool {
    const PERSONS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let bytes = number.as_bytes();
    let (Some(first), Some(end), true) = (bytes.first(), bytes.last(), bytes.len() == 9) else { return false };
    let middle: Vec<u32> = number.chars().skip(1).take(7).filter_map(|c| c.to_digit(10)).collect();
    if middle.len() != 7 {
        return false;
    }
    let lead = match first {
        b'X' => Some(0),
        b'Y' => Some(1),
        b'Z' => Some(2),
        digit if digit.is_ascii_digit() => Some(u64::from(digit - b'0')),
        _ => None,
    };
    if let Some(lead) = lead {
        let rest = usize::try_from((lead * 10_000_000 + value(&middle)) % 23).unwrap_or_default();
        return PERSONS.get(rest) == Some(end);
    }
    let odd = |(at, d): (usize, &u32)| if at % 2 == 0 { crossed(d * 2) } else { *d };
    let check = (10 - middle.iter().enumerate().map(odd).sum::<u32>() % 10) % 10;
    let as_digit = u8::try_from(check).map(|check| check + b'0');
    let as_letter = b"JABCDEFGHI".get(check as usize);
    b"ABCDEFGHJNPQRSUVW".contains(first) && (as_digit == Ok(*end) || as_letter == Some(end))
}

/// Two characters, then the SIREN; with two digits the key can be checked.
fn french(number: &str) -> bool {
    let Some((key, siren)) = number.split_at_checked(2) else { return false };
    let digits: Vec<u32> = siren.chars().filter_map(|c| c.to_digit(10)).collect();
    let expected = (12 + 3 * (value(&digits) % 97)) % 97;
    digits.len() == 9 && luhn(&digits) && key.parse::<u64>().map_or(true, |key| key == expected)
}

/// Nine digits with their own check, or, since 2020, all of it modulo 97.
fn dutch(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().take(9).filter_map(|c| c.to_digit(10)).collect();
    last(&digits, |front| sum(front, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) || remainder_97(&format!("NL{number}")) == 1
}

/// ISO 7064, MOD 97-10: letters count as 10 to 35.
fn remainder_97(text: &str) -> u32 {
    text.chars()
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, value| (rest * if value > 9 { 100 } else { 10 } + value) % 97)
}

fn romanian(digits: &[u32]) -> bool {
    let Some((check, front)) = digits.split_last() else { return false };
    let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let weights = weights.get(weights.len().saturating_sub(front.len())..).unwrap_or_default();
    sum(front, weights) * 10 % 11 % 10 == *check
}

fn british(digits: &[u32]) -> bool {
    let Some((front, check)) = digits.split_at_checked(7) else { return false };
    let total = u64::from(sum(front, &[8, 7, 6, 5, 4, 3, 2])) + value(check);
    total.is_multiple_of(97) || (total + 55).is_multiple_of(97)
}

fn russian(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let check = |digits: &[u32]| {
        let weights = WEIGHTS.get(WEIGHTS.len() + 1 - digits.len().min(WEIGHTS.len() + 1)..).unwrap_or_default();
        last(digits, |front| sum(front, weights) % 11 % 10)
    };
    match digits.len() {
        10 => check(digits),
        12 => digits.get(..11).is_some_and(check) && check(digits),
        _ => false,
    }
}

fn brazilian(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 13] = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
    let check = |digits: &[u32], weights: &[u32]| {
        last(digits, |front| {
            let rest = sum(front, weights) % 11;
            if rest < 2 { 0 } else { 11 - rest }
        })
    };
    let differ = digits.windows(2).any(|pair| pair.first() != pair.last());
    differ && digits.len() == 14 && digits.get(..13).is_some_and(|d| check(d, &WEIGHTS[1..])) && check(digits, &WEIGHTS)
}

fn chilean(number: &str) -> bool {
    let (Some(end), Some(front)) = (number.chars().next_back(), number.get(..number.len() - 1)) else { return false };
    let weigh = |(at, d): (usize, u32)| d * (u32::try_from(at % 6).unwrap_or_default() + 2);
    let total: u32 = front.chars().rev().filter_map(|c| c.to_digit(10)).enumerate().map(weigh).sum();
    let expected = match 11 - total % 11 {
        11 => '0',
        10 => 'K',
        digit => char::from_digit(digit, 10).unwrap_or_default(),
    };
    end == expected
}

/// India's: Luhn's rule in base 36.
fn luhn_36(number: &str) -> bool {
    let values: Vec<u32> = number.chars().filter_map(|c| c.to_digit(36)).collect();
    last(&values, |front| {
        let factors = [1, 2].iter().cycle();
        let total: u32 = front.iter().zip(factors).map(|(v, f)| v * f / 36 + v * f % 36).sum();
        (36 - total % 36) % 36
    })
}

/// GB 32100-2015: base 31, without I, O, S, V and Z.
fn chinese(number: &str) -> bool {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Option<Vec<u32>> =
        number.chars().map(|c| LETTERS.find(c).and_then(|at| u32::try_from(at).ok())).collect();
    values.is_some_and(|values| {
        values.len() == 18
            && last(&values, |front| {
                let powers = std::iter::successors(Some(1_u32), |power| Some(power * 3 % 31));
                (31 - front.iter().zip(powers).map(|(v, p)| v * p).sum::<u32>() % 31) % 31
            })
    })
}

fn taiwanese(digits: &[u32]) -> bool {
    let weights = [1, 2, 1, 2, 1, 2, 4, 1];
    let total: u32 = digits.iter().zip(weights).map(|(d, w)| crossed(d * w)).sum();
    let seven = digits.get(6) == Some(&7);
    digits.len() == 8 && (total.is_multiple_of(5) || seven && (total + 1).is_multiple_of(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_known_companies_pass_and_others_do_not() {
        // Numbers that the companies themselves publish.
        for (check, number) in [
            ("mod11-10", "136695976"),
            ("mod11-10", "811569869"),
            ("at-vat", "13585627"),
            ("mod97", "0428759497"),
            ("bg-eik", "175074752"),
            ("cz-vat", "25123891"),
            ("ico", "25596641"),
            ("dk-cvr", "13585628"),
            ("ee-vat", "100931558"),
            ("gr-afm", "094259216"),
            ("es-nif", "A28015865"),
            ("es-nif", "B58378431"),
            ("es-nif", "54362315K"),
            ("fi-ytunnus", "20774740"),
            ("fr-vat", "40303265045"),
            ("luhn", "732829320"),
            ("luhn", "73282932000074"),
            ("hu-vat", "12892312"),
            ("luhn", "00743110157"),
            ("lu-vat", "15027442"),
            ("lv-vat", "40003521600"),
            ("mt-vat", "11679112"),
            ("nl-vat", "004495445B01"),
            ("nl-vat", "123456789B13"),
            ("pl-nip", "8567346215"),
            ("pt-nif", "501964843"),
            ("ro-cui", "18547290"),
            ("se-vat", "123456789701"),
            ("si-vat", "50223054"),
            ("mod11", "2022749619"),
            ("gb-vat", "980780684"),
            ("no-org", "988077917"),
            ("ch-uid", "100155212"),
            ("regon", "192598184"),
            ("inn", "7707083893"),
            ("inn", "500100732259"),
            ("ogrn", "1022200525819"),
            ("ogrn", "1027700132195"),
            ("cnpj", "16727230000197"),
            ("cuit", "20055361682"),
            ("ruc", "20512333797"),
            ("rut", "125319092"),
            ("nit", "2131234321"),
            ("abn", "83914571673"),
            ("acn", "004085616"),
            ("gstin", "27AAPFU0939F1ZV"),
            ("uscc", "91110000600037341L"),
            ("jp-corporate", "5835678256246"),
            ("kr-brn", "1168200276"),
            ("tw-ubn", "00501503"),
            ("th-tin", "1234545678781"),
            ("il-id", "516179157"),
            ("lei", "213800KUD8LAJWSQ9D15"),
        ] {
            assert_eq!(passes(check, number), Some(true), "{check} {number}");
            // Any check notices one changed digit.
            let at = number.rfind(|c: char| c.is_ascii_digit()).unwrap_or_default();
            let digit = number[at..].chars().next().and_then(|c| c.to_digit(10)).unwrap_or_default();
            let wrong = format!("{}{}{}", &number[..at], (digit + 1) % 10, &number[at + 1..]);
            // The last digits of these count something else.
            let wrong_key = matches!(check, "se-vat" | "nl-vat");
            assert!(wrong_key || passes(check, &wrong) == Some(false), "{check} {wrong}");
        }
        assert_eq!(passes("no such check", "1"), None);
        assert_eq!(passes("luhn", ""), Some(false));
    }
}

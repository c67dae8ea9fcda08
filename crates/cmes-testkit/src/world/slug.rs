//! Host names from company names.

/// Small Latin letters and digits, words joined by `join`.
pub(super) fn slug(text: &str, join: &str) -> String {
    let mut plain = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => plain.push(c),
            '\'' => {}
            _ => plain.push_str(latin(c).unwrap_or(" ")),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(join)
}

fn latin(c: char) -> Option<&'static str> {
    let found = LETTERS.split(' ').find_map(|pair| {
        let (letters, latin) = pair.split_once('=')?;
        letters.contains(c).then_some(latin)
    });
    found.or_else(|| matches!(c, 'ъ' | 'ь').then_some(""))
}

const LETTERS: &str = "ä=ae ö=oe ü=ue ß=ss àáâãå=a çč=c ď=d èéêëě=e ìíîï=i ñň=n òóôõ=o ùúûů=u ý=y ą=a ć=c ę=e ł=l ń=n ř=r śš=s ť=t źżž=z œ=oe ğ=g ı=i ş=s \
    а=a б=b в=v г=g д=d её=e ж=zh з=z ий=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=ts ч=ch ш=sh щ=sch ы=y э=e ю=yu я=ya";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_hosts() {
        assert_eq!(slug("Röhrenwerke Köln", "-"), "roehrenwerke-koeln");
        assert_eq!(slug("Alice & Daughter", ""), "alicedaughter");
        assert_eq!(slug("Трубный завод Ясногор", "-"), "trubnyi-zavod-yasnogor");
        assert_eq!(slug("Świerkosz CNC", "-"), "swierkosz-cnc");
        assert_eq!(slug("Výtahy Žďárek", "-"), "vytahy-zdarek");
        assert_eq!(slug("Çınarlıoğlu Baskı", "-"), "cinarlioglu-baski");
        assert_eq!(slug("华腾", "-"), "");
    }
}

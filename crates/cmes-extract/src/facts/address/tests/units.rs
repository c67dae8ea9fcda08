//! Units, estates and regions around the street, by country.

use super::{check_all, page, site, written};

#[test]
fn more_units_and_regions() {
    check_all(
        "CA",
        "fr",
        &[(
            "455, rue Saint-Antoine Ouest, bureau 300, Montréal (Québec) H2Z 1J1",
            "H2Z 1J1|Montréal|QC|455, rue Saint-Antoine Ouest|bureau 300",
        )],
    );
    check_all("US", "en", &[("350 5th Ave Fl 21, New York, NY 10118", "10118|New York|NY|350 5th Ave|Fl 21")]);
    check_all(
        "RO",
        "ro",
        &[(
            "Str. Mihai Eminescu nr. 12, bl. A3, ap. 5, Cluj-Napoca, jud. Cluj, 400001",
            "400001|Cluj-Napoca|Cluj|Str. Mihai Eminescu nr. 12, bl. A3, ap. 5",
        )],
    );
    check_all(
        "FR",
        "fr",
        &[
            (
                "Zone Industrielle Nord, 5 rue Ampère, 67500 Haguenau",
                "67500|Haguenau||Zone Industrielle Nord, 5 rue Ampère",
            ),
            (
                "ZA des Grands Champs // 12 rue de l'Artisanat // BP 40012 // 35400 SAINT-MALO CEDEX",
                "35400|Saint-Malo||ZA des Grands Champs, 12 rue de l'Artisanat|BP 40012",
            ),
        ],
    );
    check_all(
        "BR",
        "pt",
        &[(
            "Av. Faria Lima, 3477 – 14º andar – Itaim Bibi – São Paulo/SP – CEP: 04538-133",
            "04538-133|São Paulo|SP|Av. Faria Lima, 3477, 14º andar|Itaim Bibi",
        )],
    );
    check_all("BG", "bg", &[("бул. Витоша 15, ет. 3, 1000 София", "1000|София||бул. Витоша 15, ет. 3")]);
    check_all(
        "CO",
        "es",
        &[(
            "Carrera 43A # 1-50, Oficina 801, Medellín, Antioquia, Colombia",
            "|Medellín|Antioquia|Carrera 43A # 1-50, Oficina 801",
        )],
    );
    // The upper part of Bavaria is no state.
    check_all("DE", "de", &[("Gewerbering 7 // 83607 Holzkirchen / Obb.", "83607|Holzkirchen||Gewerbering 7")]);
    check_all(
        "AR",
        "es",
        &[("Av. Corrientes 1234, Piso 5, C1043AAZ CABA, Argentina", "C1043AAZ|CABA||Av. Corrientes 1234, Piso 5")],
    );
}

#[test]
fn units_on_lines_of_their_own_are_the_second_line() {
    check_all("DE", "de", &[("Gewerbepark 3 // Halle 4 // 01099 Dresden", "01099|Dresden||Gewerbepark 3|Halle 4")]);
    check_all("DK", "da", &[("Vestergade 12 // 2. th // 1456 København K", "1456|København K||Vestergade 12|2. th")]);
    check_all(
        "BR",
        "pt",
        &[(
            "Rua XV de Novembro, 100 // sala 5 // Centro - Curitiba - PR // CEP 80020-310",
            "80020-310|Curitiba|PR|Rua XV de Novembro, 100|sala 5, Centro",
        )],
    );
}

#[test]
fn a_unit_that_few_pages_tell_is_told() {
    let footer = "<footer><p>Gartenweg 8 · 60489 Frankfurt am Main</p></footer>";
    let imprint = format!("<p>Gartenweg 8, Hinterhaus<br>60489 Frankfurt am Main</p>{footer}");
    let pages = [
        page("https://a.example/", footer),
        page("https://a.example/team", footer),
        page("https://a.example/impressum", &imprint),
    ];
    let found: Vec<String> = site(&pages, "DE").iter().map(|finding| written(&finding.value)).collect();
    assert_eq!(found, ["60489|Frankfurt am Main||Gartenweg 8, Hinterhaus"]);
}

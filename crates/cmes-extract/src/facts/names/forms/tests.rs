//! Names cut out of lines as sites of many countries write them.

use proptest::prelude::*;

use super::*;

fn check(line: &str, expected: &[&str]) {
    assert_eq!(find(line), expected, "{line}");
}

#[test]
fn names_are_cut_out_of_lines() {
    for (line, name) in [
        ("© 2026 Nordwind Pumpen GmbH. All rights reserved", "Nordwind Pumpen GmbH"),
        ("Die Nordwind Pumpen GmbH & Co. KG wurde 1962 gegründet.", "Nordwind Pumpen GmbH & Co. KG"),
        ("Verantwortlich ist die Müller & Söhne OHG, Hafenweg 1", "Müller & Söhne OHG"),
        ("© 2026 Cedar Hollow Analytics, Inc. All rights", "Cedar Hollow Analytics, Inc."),
        ("Almacenes Albufera de Alimentación, S.L. — CIF B1", "Almacenes Albufera de Alimentación, S.L."),
        ("Borowik Meble Sp. z o.o., ul. Leśna 1", "Borowik Meble Sp. z o.o."),
        ("Unvan: Karasu Tekstil Sanayi ve Ticaret A.Ş.", "Karasu Tekstil Sanayi ve Ticaret A.Ş."),
        ("Café Serra Azul Indústria e Comércio Ltda. - CNPJ", "Café Serra Azul Indústria e Comércio Ltda."),
        ("Drechslerei Pöstl e.U. „Handarbeit“", "Drechslerei Pöstl e.U."),
        ("Furulund Solteknik AB", "Furulund Solteknik AB"),
        ("NORDWIND PUMPEN GMBH", "NORDWIND PUMPEN GMBH"),
        ("Acme Industries Pty Ltd ABN 12", "Acme Industries Pty Ltd"),
        ("ООО «Северный Кедр Станко». ИНН 99", "ООО «Северный Кедр Станко»"),
        ("株式会社青空精機は長野県の精密切削加工メーカーです。", "株式会社青空精機"),
        ("会社名：大空製作所株式会社", "大空製作所株式会社"),
        ("© 2005-2026 杭州海澄阀门有限公司 版权所有", "杭州海澄阀门有限公司"),
        ("杭州海澄阀门有限公司成立于2005年", "杭州海澄阀门有限公司"),
        ("주식회사 한빛센서는 2002년 설립된", "주식회사 한빛센서"),
        ("© 2026 شركة واحة النخيل لخدمات التموين ذ.م.م. جميع الحقوق", "شركة واحة النخيل لخدمات التموين ذ.م.م"),
        ("Studio Legale Ferrantini & Associati", "Studio Legale Ferrantini & Associati"),
        ("La Poste SA", "La Poste SA"),
        ("SIRET de la société Atelier Lumen SARL au capital", "Atelier Lumen SARL"),
        ("Kovo Plus s.r.o., IČO 1", "Kovo Plus s.r.o."),
        ("UAB Baltijos Mediena", "UAB Baltijos Mediena"),
        ("SELARL Cabinet Dentaire des Tilleuls, société d’exercice", "SELARL Cabinet Dentaire des Tilleuls"),
        ("La SARL Le Fournil de Marie est immatriculée", "SARL Le Fournil de Marie"),
        ("Éditeur du site : SAS Menuiserie Perrin RCS Lyon 1", "SAS Menuiserie Perrin"),
        ("Foreningen Dansk Tegl og Skifer er stiftet", "Foreningen Dansk Tegl og Skifer"),
        ("Stichting Het Groene Veld", "Stichting Het Groene Veld"),
        ("operated by Miller Paper Co., Inc. Throughout the site", "Miller Paper Co., Inc."),
        ("© 2026 Torres Hidráulica Ltda. CNPJ 99", "Torres Hidráulica Ltda"),
        ("© 2026 Torres Hidráulica Ltda. – CNPJ 99", "Torres Hidráulica Ltda."),
        ("Company name: Harbour & Sons (Plymouth) Ltd", "Harbour & Sons (Plymouth) Ltd"),
        ("Rowan Tyres (South West) Limited, Truro", "Rowan Tyres (South West) Limited"),
        ("Veldrust Boerdery (Pty) Ltd Reg. No. 2011", "Veldrust Boerdery (Pty) Ltd"),
        ("Orchid Foods (S) Pte. Ltd. UEN 2011", "Orchid Foods (S) Pte. Ltd."),
        ("Smith, Jones and Hale LLP is authorised", "Smith, Jones and Hale LLP"),
        ("Toiture Tremblay & Fils inc. RBQ 1234", "Toiture Tremblay & Fils inc."),
        ("M/s Balaji Traders Private Limited", "Balaji Traders Private Limited"),
        ("Administratorem danych jest Drewnex Sp. z o.o. z siedzibą", "Drewnex Sp. z o.o."),
        (
            "Drewnex spółka z ograniczoną odpowiedzialnością sp.k.",
            "Drewnex spółka z ograniczoną odpowiedzialnością sp.k.",
        ),
        ("Správcem je společnost Truhlářství Novák s.r.o., se sídlem", "Truhlářství Novák s.r.o."),
        ("Az adatkezelő: Kovács és Társa Kft. (székhely", "Kovács és Társa Kft."),
        ("ΕΛΑΙΟΥΡΓΙΑ ΚΡΗΤΗΣ ΑΒΕΕ", "ΕΛΑΙΟΥΡΓΙΑ ΚΡΗΤΗΣ ΑΒΕΕ"),
        ("Anbieter: SV Blau-Weiß 1921 e.V.", "SV Blau-Weiß 1921 e.V."),
        ("Padaria Central – Sociedade Unipessoal, Lda.", "Padaria Central – Sociedade Unipessoal, Lda."),
        ("„Зелена Долина“ ООД, ЕИК 123", "„Зелена Долина“ ООД"),
        ("医療法人社団 青葉会", "医療法人社団 青葉会"),
        ("Éditeur : SCEA Domaine de la Roche", "SCEA Domaine de la Roche"),
        ("Vale Norte Studio, PLLC, a Texas company", "Vale Norte Studio, PLLC"),
        ("Fletes del Bajío, S.A. de C.V. (en lo sucesivo", "Fletes del Bajío, S.A. de C.V."),
    ] {
        check(line, &[name]);
    }
}

#[test]
fn words_that_only_look_like_forms_are_none() {
    for line in [
        "Limited offer: buy now",
        "as soon as possible",
        "We are limited",
        "incorporated in 1999",
        "Contact SE London",
        "GmbH",
        "se habla español",
        "the AG",
        "2026 AG",
        "La SARL",
        "© 1998 GmbH",
        "a Minnesota limited liability company",
        "la association des commerçants",
    ] {
        check(line, &[]);
    }
}

#[test]
fn forms_come_off() {
    for (name, expected) in [
        ("Nordwind Pumpen GmbH & Co. KG", "Nordwind Pumpen"),
        ("Cedar Hollow Analytics, Inc.", "Cedar Hollow Analytics"),
        ("株式会社青空精機", "青空精機"),
        ("杭州海澄阀门有限公司", "杭州海澄阀门"),
        ("ООО «Кедр»", "Кедр"),
        ("Nordwind", "Nordwind"),
        ("SELAS Clinique du Parc", "Clinique du Parc"),
        ("Padaria Central – Sociedade Unipessoal, Lda.", "Padaria Central"),
        ("Rowan Tyres (Pty) Ltd", "Rowan Tyres"),
        ("Miller Paper Co., Inc.", "Miller Paper"),
    ] {
        assert_eq!(without(name), expected);
    }
}

proptest! {
    #[test]
    fn no_line_panics(line in "([ .,«\"(]|GmbH|ООО|株式会社|주식회사|S\\.A\\.|é|A|x|社は){0,12}") {
        find(&line);
        without(&line);
    }
}

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
        (
            "Công ty Cổ phần Đầu tư và Phát triển Hạ tầng Sông Xanh là đơn vị",
            "Công ty Cổ phần Đầu tư và Phát triển Hạ tầng Sông Xanh",
        ),
        ("CÔNG TY TNHH THƯƠNG MẠI SÔNG XANH - MST: 0312", "CÔNG TY TNHH THƯƠNG MẠI SÔNG XANH"),
        ("Công ty TNHH MTV Sông Xanh, 12 Nguyễn Huệ", "Công ty TNHH MTV Sông Xanh"),
        ("Verband Nordischer Lichtbauer, Bundesgasse 9", "Verband Nordischer Lichtbauer"),
        (
            "Titolare è Al Ponte S.a.s. di Rossi Anna & C., sede legale in Via Roma",
            "Al Ponte S.a.s. di Rossi Anna & C.",
        ),
        (
            "Kowalski, Nowak-Lis i Partnerzy Kancelaria Radców Prawnych sp. p.",
            "Kowalski, Nowak-Lis i Partnerzy Kancelaria Radców Prawnych sp. p.",
        ),
        (
            "Administratorem danych jest Kowalski, Nowak-Lis i Partnerzy sp. p. z siedzibą",
            "Kowalski, Nowak-Lis i Partnerzy sp. p.",
        ),
        ("mit Sitz in Bern, Müller und Söhne GmbH", "Müller und Söhne GmbH"),
        ("Η Παπαδόπουλος Δομικά Α.Ε. ιδρύθηκε το 1968", "Παπαδόπουλος Δομικά Α.Ε."),
        ("A Kovács Vendéglátó Kft. (a továbbiakban", "Kovács Vendéglátó Kft."),
        ("O Torres Hidráulica Ltda. é responsável", "Torres Hidráulica Ltda."),
        ("Fletes del Bajío, S.A. de C.V. (en lo sucesivo", "Fletes del Bajío, S.A. de C.V."),
    ] {
        check(line, &[name]);
    }
}

#[test]
fn names_end_before_the_sentence_in_scripts_without_capitals() {
    for (line, name) in [
        ("تأسست شركة النور للتجارة المحدودة في مدينة جدة عام 1998", "شركة النور للتجارة المحدودة"),
        ("توضح سياسة كيفية قيام شركة النور للتجارة ذ.م.م بجمع بياناتك", "شركة النور للتجارة ذ.م.م"),
        ("شركة المدار الصناعية المساهمة المقفلة، الرياض", "شركة المدار الصناعية المساهمة المقفلة"),
        ("مؤسسة البيت الحديث، جدة", "مؤسسة البيت الحديث"),
        ("האתר מופעל על ידי חברת אורן מערכות בע\"מ ומשמש", "אורן מערכות בע\"מ"),
        ("אורן מערכות בע״מ | ח.פ. 51", "אורן מערכות בע״מ"),
    ] {
        check(line, &[name]);
    }
    check("اتصل بنا لمعرفة كيف تساعد شركة مثل شركتك عملاءها كل يوم وفي كل مكان", &[]);
}

/// Every form as a site of its country states it: behind a copyright sign.
#[test]
fn forms_of_the_world() {
    let mut wrong = Vec::new();
    for (country, names) in [
        (
            "DE",
            "Nordlicht GmbH|Nordlicht GmbH & Co. KG|Nordlicht UG (haftungsbeschränkt)|Nordlicht e.K.|Nordlicht OHG|Nordlicht AG|Nordlicht KGaA|Nordlicht e.V.|Nordlicht eG|Nordlicht gGmbH|Nordlicht PartG mbB|Nordlicht SE",
        ),
        ("AT", "Nordlicht e.U.|Nordlicht Ges.m.b.H.|Nordlicht OG|Nordlicht KG"),
        ("CH", "Nordlicht Sàrl|Nordlicht Sagl|Nordlicht Genossenschaft"),
        ("FR", "Boréal SARL|Boréal SAS|Boréal SASU|Boréal EURL|Boréal SNC|SCEA Boréal"),
        ("BE", "Boréal SRL|Boréal BVBA|Boréal asbl|Noord VZW|Noord BV|Noord CommV"),
        ("LU", "Boréal S.à r.l.|Boréal SCSp"),
        ("NL", "Noord B.V.|Noord N.V.|Noord V.O.F.|Coöperatie Noord U.A.|Stichting Noord"),
        ("GB", "North Ltd|North Limited|North LLP|North PLC|North CIC"),
        ("IE", "North DAC|North Teoranta|North Unlimited Company"),
        ("IT", "Nord S.r.l.|Nord S.p.A.|Nord S.n.c.|Nord S.a.s.|Nord S.r.l.s.|Nord Soc. Coop."),
        ("ES", "Norte S.L.|Norte S.A.|Norte S.L.U.|Norte Sociedad Limitada|Norte S. Coop."),
        ("PT", "Norte, Lda.|Norte Unipessoal Lda|Norte SGPS, S.A."),
        ("PL", "Północ Sp. z o.o.|Północ S.A.|Północ sp. j.|Północ Sp. z o.o. sp. k.|Północ spółka cywilna"),
        ("CZ", "Sever s.r.o.|Sever a.s.|Sever, spol. s r.o.|Sever z.s."),
        ("SK", "Sever s. r. o.|Sever, a. s."),
        ("HU", "Észak Kft.|Észak Zrt.|Észak Bt.|Észak Nyrt."),
        ("RO", "Nord SRL|Nord S.R.L.|SC Nord SRL"),
        ("BG", "Север ЕООД|Север ООД|Sever EOOD|Север АД"),
        ("GR", "Βορράς Α.Ε.|Βορράς Ε.Π.Ε.|Βορράς Ι.Κ.Ε.|Βορράς ΑΒΕΕ|Βορράς Ο.Ε."),
        ("HR", "Sjever d.o.o.|Sjever j.d.o.o.|Sjever d.d."),
        ("RS", "Sever DOO|Север д.о.о.|Sever a.d."),
        ("AL", "Veri Sh.p.k.|Veri SHPK"),
        ("MK", "Север ДООЕЛ"),
        ("SE", "Norr AB|Norr AB (publ)|Norr HB|Norr Ekonomisk förening|Stiftelsen Norr"),
        ("NO", "Nord AS|Nord ASA|Nord ANS"),
        ("DK", "Nord ApS|Nord A/S|Nord I/S|Nord K/S|Foreningen Nord"),
        ("FI", "Pohja Oy|Pohja Oyj|Pohja Ky|Tmi Pohja|Pohja ry|Pohja Oy Ab"),
        ("IS", "Norður ehf.|Norður hf."),
        ("EE", "Põhi OÜ|OÜ Põhi|Põhi AS|MTÜ Põhi"),
        ("LV", "SIA Ziemeļi|SIA “Ziemeļi”|Ziemeļi SIA"),
        ("LT", "UAB Šiaurė|UAB „Šiaurė“|Šiaurė, UAB"),
        ("RU", "ООО «Север»|АО «Север»|ПАО «Север»|ИП Северов"),
        ("UA", "ТОВ «Північ»|ПП «Північ»|ФОП Північний|ПрАТ «Північ»"),
        ("BY", "ЧУП «Север»|ОДО «Север»"),
        ("KZ", "ТОО «Север»"),
        ("GE", "შპს ჩრდილოეთი"),
        ("TR", "Kuzey A.Ş.|Kuzey Ltd. Şti.|Kuzey Anonim Şirketi|Kuzey San. ve Tic. Ltd. Şti."),
        ("IL", "צפון בע\"מ|צפון בע״מ"),
        ("AE", "North L.L.C|North LLC|North FZ-LLC|North FZE|North FZCO|North DMCC|شركة الشمال ذ.م.م"),
        ("SA", "شركة الشمال المحدودة|مؤسسة الشمال"),
        ("QA", "North W.L.L.|North Co. W.L.L."),
        ("EG", "North S.A.E.|شركة الشمال ش.م.م"),
        ("IN", "North Pvt. Ltd.|North Private Limited|North LLP|North (OPC) Private Limited"),
        ("PK", "North (Pvt.) Ltd.|North (Private) Limited"),
        ("SG", "North Pte. Ltd.|North Pte Ltd"),
        ("MY", "North Sdn. Bhd.|North Sdn Bhd|North Berhad"),
        ("ID", "PT Utara|PT Utara Tbk|CV. Utara"),
        ("TH", "บริษัท เหนือ จำกัด"),
        ("VN", "Công ty TNHH Phương Bắc|Công ty Cổ phần Phương Bắc|CÔNG TY TNHH PHƯƠNG BẮC"),
        ("CN", "北方有限公司|北方股份有限公司|北方有限责任公司"),
        ("TW", "北方股份有限公司|北方企業社"),
        ("JP", "株式会社北方|北方株式会社|有限会社北|合同会社北|一般社団法人北|税理士法人北"),
        ("KR", "주식회사 북쪽|(주)북쪽|북쪽(주)|㈜북쪽|유한회사 북쪽|사단법인 북쪽"),
        ("US", "North, Inc.|North LLC|North Corp.|North Corporation|North Co., Inc.|North PLLC|North L.P.|North P.C."),
        ("CA", "Nord Ltée|Nord inc.|North ULC"),
        ("AU", "North Pty Ltd|North Pty. Ltd.|North Pty Limited"),
        ("ZA", "North (Pty) Ltd|North (Pty) Ltd.|Noord (Edms) Bpk"),
        ("BR", "Norte Ltda.|Norte LTDA|Norte S/A|Norte EIRELI|Norte Ltda - ME|Norte Ltda. EPP"),
        ("MX", "Norte, S.A. de C.V.|Norte, S. de R.L. de C.V.|Norte S.A.P.I. de C.V.|Norte SA de CV"),
        ("AR", "Norte S.R.L.|Norte S.A.|Norte S.A.U."),
        ("CL", "Norte SpA|Norte Limitada|Norte EIRL"),
        ("CO", "Norte S.A.S.|Norte S.A. E.S.P."),
        ("PE", "Norte S.A.C.|Norte E.I.R.L."),
        ("VE", "Norte, C.A."),
    ] {
        for name in names.split('|') {
            for line in [format!("© 2026 {name}"), format!("{name} | Tel. 1")] {
                if find(&line) != [name] {
                    wrong.push(format!("{country}: {line} gives {:?}", find(&line)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
        "der Verband der Lichtbauer",
        "Gaming PC",
        "Download CV",
        "512 MB",
        "Team DA",
        "Open 9 A.M. to 5 P.M.",
        "Q.S.C. and A.C. power",
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
        ("Al Ponte S.a.s. di Rossi Anna & C.", "Al Ponte"),
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

use super::*;
#[test]
fn dbg() {
    let texts = Texts { list: Vec::new(), language: None };
    for (l, w) in [("en","ERP software"),("en","warehouse management software"),("de","Lagerverwaltungssoftware"),("de","Photovoltaik-Anlagen"),("en","refrigeration trade associations"),("en","orthopaedic clinics"),("en","freight carriers"),("de","Uhrenhersteller"),("en","Pipe manufacturers"),("en","stainless steel pipes and fittings manufacturers"),("fr","nettoyage de tuyaux"),("de","Rohrreinigung"),("ru","ремонт насосов"),("zh","水泵厂家"),("es","alquiler de maquinaria de construcción"),("en","Steel traders"),("en","woven bag manufacturers"),("it","minuterie metalliche"),("nl","beddengoed en tafellinnen"),("en","corrugated boxes"),("en","bed linen shops"), ("de","Kreiselpumpenhersteller"), ("en", "organic cheese wholesalers"), ("pl","producenci okien drewnianych"), ("fr","fabricants de machines à café")] {
        println!("{}", activity::debug(w, l.parse().unwrap(), &texts));
    }
}

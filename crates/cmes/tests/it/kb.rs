//! `cmes kb`: a folder becomes a knowledge base that can be searched.

use serde_json::Value;

use crate::support::{Place, stderr};

#[test]
fn a_folder_is_imported_searched_and_kept_up_to_date() {
    let place = Place::empty();
    place
        .write("cmes.toml", "[log]\nlevel = \"warn\"\n[embeddings]\nprovider = \"none\"\n[llm]\nprovider = \"none\"\n");
    place.ok(&["account", "create", "ann@example.com"]);
    std::fs::create_dir_all(place.path("docs/pumps")).expect("a folder");
    place.write("docs/warranty.md", "# Warranty\n\nIt lasts 24 months from delivery.");
    place.write("docs/pumps/p7.txt", "The pump P7 moves 30 cubic metres an hour.");
    place.write("docs/picture.png", "no text");
    let arguments = ["kb", "import", "docs", "--account", "ann@example.com", "--name", "Manuals"];

    let output = place.run(&arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output), "+ docs/pumps/p7.txt\n+ docs/warranty.md\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "2 created, 0 updated, 0 unchanged, 0 removed, 0 failed\n");

    let found = place.ok(&["kb", "search", "lasts months from delivery", "--account", "ann@example.com", "--json"]);
    let found: Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(found[0]["Name"], "warranty", "{found}");
    let found = place.ok(&["kb", "search", "P7", "--account", "ann@example.com", "--name", "Manuals"]);
    assert!(found.contains("pumps > p7") && found.contains("30 cubic metres"), "{found}");

    // What is gone stays until its removal is asked for; what is broken is told and does not stop the rest.
    std::fs::remove_file(place.path("docs/pumps/p7.txt")).expect("removed");
    place.write("docs/warranty.md", "# Warranty\n\nIt lasts 36 months.");
    place.write("docs/broken.pdf", "%PDF-1.7\nnothing");
    let told = place.fails(1, &arguments);
    assert!(
        told.contains("✗ docs/broken.pdf: this PDF file is damaged") && told.contains("~ docs/warranty.md"),
        "{told}"
    );
    assert!(told.contains("1 of 2 could not be imported"), "{told}");
    std::fs::remove_file(place.path("docs/broken.pdf")).expect("removed");
    let printed = place.ok(&[&arguments[..], &["--remove-missing"]].concat());
    assert_eq!(printed, "0 created, 0 updated, 1 unchanged, 2 removed, 0 failed\n");
    let found = place.ok(&["kb", "search", "P7", "--account", "ann@example.com"]);
    assert!(!found.contains("cubic metres"), "{found}");
}

#[test]
fn wrong_wishes_say_what_to_do() {
    let place = Place::empty();
    place.ok(&["account", "create", "ann@example.com"]);
    let import = |from: &'static str| ["kb", "import", from, "--account", "ann@example.com", "--name", "Manuals"];
    assert!(place.fails(1, &import("nowhere")).contains("give a folder, a file or an address"));
    std::fs::create_dir(place.path("empty")).expect("a folder");
    assert!(place.fails(1, &import("empty")).contains("there is nothing to import"));
    let other = ["kb", "search", "x", "--account", "bob@example.com"];
    assert!(place.fails(1, &other).contains("cmes account list"));
    let unnamed = ["kb", "search", "x", "--account", "ann@example.com", "--name", "Nothing"];
    assert!(place.fails(1, &unnamed).contains("there is no knowledge base named Nothing"));
    place.fails(2, &["kb", "import", "docs"]);
}

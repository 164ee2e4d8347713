use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

static SHIPPED: LazyLock<Identifiers> = LazyLock::new(|| {
    Identifiers::from_toml(include_str!("../../../index-schema/identifiers.toml")).unwrap()
});

fn normals(text: &str) -> Vec<String> {
    let found = SHIPPED.find(text);
    found.into_iter().map(|f| f.identifier.normal).collect()
}

/// Normal spelling, registry, and other spellings of the same number.
const SPELLINGS: &[(&str, Option<Registry>, &[&str])] = &[
    (
        "NCT06360861",
        Some(Registry::Ctgov),
        &[
            "NCT 0636 0861",
            "nct6360861",
            "NCT-06360861",
            "NCT: 06360861",
            "NCT No. 06360861",
            "(NCT06360861).",
            "NCT ۰۶۳۶۰۸۶۱",
            "https://clinicaltrials.gov/ct2/show/NCT06360861",
            "https://clinicaltrials.gov/study/NCT06360861?tab=table",
        ],
    ),
    (
        "NCT00400637",
        Some(Registry::Ctgov),
        &["NCT 00400637", "NCT400637"],
    ),
    (
        "IRCT20200127046282N19",
        Some(Registry::Irct),
        &[
            "irct20200127046282n19",
            "IRCT 20200127046282 N19",
            "IRCT-20200127046282N19",
        ],
    ),
    (
        "IRCT2016090729747N1",
        Some(Registry::Irct),
        &["IRCT2016090729747 N 1"],
    ),
    (
        "ISRCTN47772397",
        Some(Registry::Isrctn),
        &[
            "ISRCTN 47772397",
            "ISRCTN number: 47772397",
            "10.1186/ISRCTN47772397",
            "https://doi.org/10.1186/ISRCTN47772397",
            "http://www.isrctn.com/ISRCTN47772397",
        ],
    ),
    (
        "EUCTR2016-004489-24-DE",
        Some(Registry::Euctr),
        &[
            "euctr2016-004489-24-de",
            "2016-004489-24-DE",
            "https://www.clinicaltrialsregister.eu/ctr-search/trial/2016-004489-24/DE",
        ],
    ),
    (
        "EUCTR2011-005852-33-3rd",
        Some(Registry::Euctr),
        &["2011-005852-33-3RD"],
    ),
    (
        "EUCTR2020-001505-22-Outside-EU/EEA",
        Some(Registry::Euctr),
        &["EUCTR2020-001505-22-outside-eu/eea"],
    ),
    (
        "2016-004489-24",
        Some(Registry::Euctr),
        &[
            "EudraCT 2016-004489-24",
            "EudraCT Number: 2016-004489-24",
            "EUCTR2016-004489-24",
            "2016\u{2011}004489\u{2013}24",
        ],
    ),
    (
        "2024-510663-34-00",
        Some(Registry::Ctis),
        &[
            "CTIS2024-510663-34-00",
            "https://euclinicaltrials.eu/ctis-public/view/2024-510663-34-00",
        ],
    ),
    (
        "ACTRN12620000111222",
        Some(Registry::Anzctr),
        &[
            "ACTRN 1262 0000 111 222",
            "ANZCTR 12620000111222",
            "ACTRN: 12620000111222",
        ],
    ),
    (
        "ACTRN12620000111222p",
        Some(Registry::Anzctr),
        &["ACTRN12620000111222 P"],
    ),
    (
        "ChiCTR-OPC-17013162",
        Some(Registry::Chictr),
        &[
            "CHICTR-OPC-17013162",
            "ChiCTR OPC 17013162",
            "ChiCTROPC17013162",
        ],
    ),
    (
        "ChiCTR2000031376",
        Some(Registry::Chictr),
        &["ChiCTR 2000031376", "chictr-2000031376"],
    ),
    (
        "ITMCTR2020000123",
        Some(Registry::Itmctr),
        &["ITMCTR 2020000123"],
    ),
    (
        "KCT0005105",
        Some(Registry::Cris),
        &["KCT 0005105", "kct0005105"],
    ),
    (
        "CTRI/2020/01/022878",
        Some(Registry::Ctri),
        &[
            "CTRI/2020/01/ 022878",
            "CTRI-2020-01-022878",
            "ctri/2020/01/022878",
        ],
    ),
    (
        "DRKS00012345",
        Some(Registry::Drks),
        &["DRKS 00012345", "DRKS-ID: DRKS00012345"],
    ),
    (
        "JPRN-UMIN000012345",
        Some(Registry::Jprn),
        &[
            "UMIN000012345",
            "UMIN 000012345",
            "UMIN-CTR 000012345",
            "UMIN ID: 000012345",
        ],
    ),
    (
        "JPRN-jRCTs031190227",
        Some(Registry::Jprn),
        &["jRCTs031190227", "JRCTS031190227"],
    ),
    (
        "JPRN-jRCT2031200035",
        Some(Registry::Jprn),
        &[
            "jRCT2031200035",
            "https://jrct.niph.go.jp/en-latest-detail/jRCT2031200035",
        ],
    ),
    (
        "JPRN-JapicCTI-205270",
        Some(Registry::Jprn),
        &["JapicCTI-205270", "JapicCTI 205270"],
    ),
    (
        "LBCTR2020043495",
        Some(Registry::Lbctr),
        &["LBCTR 2020043495"],
    ),
    ("NL-OMON20017", Some(Registry::Nlomon), &["NL OMON20017"]),
    ("NL8473", Some(Registry::Ntr), &[]),
    ("NTR4567", Some(Registry::Ntr), &["NTR 4567"]),
    (
        "PACTR202006899597082",
        Some(Registry::Pactr),
        &["PACTR 202006899597082"],
    ),
    (
        "RBR-6m69fc",
        Some(Registry::Rebec),
        &[
            "rbr-6m69fc",
            "http://www.ensaiosclinicos.gov.br/rg/RBR-6m69fc/",
        ],
    ),
    ("PER-010-20", Some(Registry::Repec), &[]),
    ("RPCEC00000320", Some(Registry::Rpcec), &["RPCEC 00000320"]),
    (
        "SLCTR/2020/011",
        Some(Registry::Slctr),
        &["https://slctr.lk/trials/slctr-2020-011"],
    ),
    (
        "TCTR20200324001",
        Some(Registry::Tctr),
        &["TCTR 20200324001"],
    ),
    (
        "U1111-1282-5699",
        None,
        &["UTN: U1111-1282-5699", "U1111 1282 5699"],
    ),
    (
        "IR.TUMS.MEDICINE.REC.1400.1412",
        None,
        &[
            "ir.tums.medicine.rec.1400.1412",
            "IR.TUMS.MEDICINE.REC 1400.1412",
        ],
    ),
    (
        "PMC8781097",
        None,
        &[
            "PMCID: PMC8781097",
            "pmc8781097",
            "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8781097/",
        ],
    ),
    (
        "34567890",
        None,
        &[
            "PMID: 34567890",
            "PubMed PMID 34567890;",
            "https://pubmed.ncbi.nlm.nih.gov/34567890/",
            "https://www.ncbi.nlm.nih.gov/pubmed/34567890",
        ],
    ),
    (
        "10.3390/jpm12010117",
        None,
        &[
            "https://doi.org/10.3390/jpm12010117",
            "doi:10.3390/JPM12010117.",
            "http://dx.doi.org/10.3390/jpm12010117?utm_source=x",
            "https://doi.org/10.3390%2Fjpm12010117",
        ],
    ),
    (
        "10.1101/2020.05.05.079194",
        None,
        &["https://www.biorxiv.org/content/10.1101/2020.05.05.079194v1.full.pdf"],
    ),
    (
        "10.1002/1097-0142(19901101)66:9<1897::aid-cncr2820660912>3.0.co;2-j",
        None,
        &["doi: 10.1002/1097-0142(19901101)66:9<1897::AID-CNCR2820660912>3.0.CO;2-J.<br>"],
    ),
    (
        "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2",
        None,
        &["10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2."],
    ),
];

#[test]
fn every_spelling_leads_to_the_normal_one() {
    for (normal, registry, spellings) in SPELLINGS {
        for spelling in *spellings {
            let found = SHIPPED.find(spelling);
            let identifier = &found
                .last()
                .unwrap_or_else(|| panic!("{spelling}"))
                .identifier;
            assert_eq!(
                (identifier.normal.as_str(), identifier.registry),
                (*normal, *registry)
            );
            assert_eq!(found.len(), 1, "{spelling}");
        }
    }
}

#[test]
fn the_normal_spelling_is_its_own() {
    for (normal, registry, spellings) in SPELLINGS {
        let first = SHIPPED
            .normalise(normal)
            .or_else(|| SHIPPED.normalise(spellings[0]));
        let identifier = first.unwrap_or_else(|| panic!("{normal}"));
        assert_eq!(identifier.registry, *registry, "{normal}");
        assert_eq!(identifier.normal, *normal);
        assert_eq!(SHIPPED.normalise(&identifier.to_string()), Some(identifier));
    }
}

#[test]
fn every_registry_has_a_spelling_here() {
    for &registry in Registry::ALL {
        assert!(
            SPELLINGS.iter().any(|(_, r, _)| *r == Some(registry)),
            "{registry}"
        );
    }
}

#[test]
fn ordinary_text_has_no_numbers() {
    for text in [
        "06360861",
        "call +98 21 2665 7438 or (021) 2665-7438",
        "2016-2020, 2016-04-24, ISBN 978-3-16-148410-0",
        "searched PubMed 2010-2020 and PMC",
        "neurotensin receptors NTR1 and NTR3, human coronavirus NL63",
        "the RBR-binding domain, RBR-mutant",
        "per 100-20 doses, PER-Protein",
        "NCT was run in 2019 with 12345678901 cells",
        "NCT063608611 NCT0636086A NCT0636086",
        "NL12345.018.08 NL9123.018.08",
        "12-2016-004489-24",
        "10.5/2 mg, 10.1234/ and 10.25 %",
        "1998-004489-24",
        "IR spectroscopy of REC 1400",
        "P01CA012345 U01HL123456 5R01CA112345-03",
    ] {
        assert_eq!(normals(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_number_ends_where_the_next_word_begins() {
    let text = "NCT04333914 2019 (doi: 10.1016/s0140-6736(20)30183-5), see NCT04333915; \
                <https://doi.org/10.1000/abc_d>, ISRCTN86534580.";
    assert_eq!(
        normals(text),
        [
            "NCT04333914",
            "10.1016/s0140-6736(20)30183-5",
            "NCT04333915",
            "10.1000/abc_d",
            "ISRCTN86534580"
        ]
    );
}

#[test]
fn a_letter_and_its_accent_stay_together() {
    for text in ["10.3390/jpm12010117\u{e9}", "10.3390/jpm12010117e\u{301}"] {
        assert_eq!(normals(text), ["10.3390/jpm12010117"], "{text:?}");
    }
}

#[test]
fn the_range_is_where_the_number_stands() {
    let text = "بررسی NCT 0636 0861، و";
    let found = SHIPPED.find(text);
    assert_eq!(&text[found[0].range.clone()], "NCT 0636 0861");
}

#[test]
fn a_whole_text_of_two_numbers_or_with_words_is_no_number() {
    for text in ["NCT04333914, NCT04333915", "see NCT04333914", "", "IRCT"] {
        assert_eq!(SHIPPED.normalise(text), None, "{text}");
    }
}

#[test]
fn numbers_of_one_trial_share_their_stem() {
    let same = |a: &str, b: &str| {
        let [a, b] = [a, b].map(|text| SHIPPED.normalise(text).unwrap());
        a.is_same_as(&b)
    };
    assert!(same("EUCTR2016-004489-24-DE", "2016-004489-24"));
    assert!(same("2024-510663-34-00", "CTIS2024-510663-34-01"));
    assert!(same("ACTRN12620000111222p", "ACTRN12620000111222"));
    assert!(!same("2016-004489-24", "2016-004489-25"));
    assert!(!same("NCT04333914", "NCT04333915"));
}

#[test]
fn registry_numbers_among_secondary_ids_leave_out_the_trial_itself() {
    let texts = [
        "2016-004489-24",
        "NCT 04333914 / grant R01HL123456",
        "nct04333914",
    ];
    let numbers = SHIPPED.registry_numbers("EUCTR2016-004489-24-DE", texts);
    assert_eq!(numbers, ["NCT04333914"]);
}

#[test]
fn the_page_of_a_number_is_known() {
    let page = |text: &str| SHIPPED.url(&SHIPPED.normalise(text).unwrap());
    let expected = "https://clinicaltrials.gov/study/NCT06360861";
    assert_eq!(page("nct 6360861").as_deref(), Some(expected));
    let expected = "https://www.clinicaltrialsregister.eu/ctr-search/search?query=2016-004489-24";
    assert_eq!(page("EUCTR2016-004489-24-DE").as_deref(), Some(expected));
    assert_eq!(page("U1111-1282-5699"), None);
}

#[test]
fn an_accented_letter_ends_a_number_in_one_character_or_two() {
    for (text, number) in [
        ("NCT06360861e\u{301}", "NCT06360861"),
        ("RBR-1abcdfe\u{301}", "RBR-1abcdf"),
        ("NL9123.e\u{301}", "NL9123"),
        ("ACTRN12605000000000p\u{301}", "ACTRN12605000000000"),
    ] {
        let composed: String = text.nfc().collect();
        assert_ne!(text, composed);
        for text in [text, &composed] {
            assert_eq!(normals(text), [number], "{text:?}");
        }
    }
    assert!(normals("NCT06360861e").is_empty());
}

#[test]
fn wrong_files_are_refused() {
    for text in [
        "identifier = []",
        "[[identifier]]\nkind = \"doi\"\nregistry = \"irct\"\nname = \"x\"\npatterns = []",
        "[[identifier]]\nkind = \"doi\"\nname = \"x\"\npatterns = [\"{8\"]",
        "[[identifier]]\nkind = \"doi\"\nname = \"x\"\npatterns = [\"~{8}\"]",
        "[[identifier]]\nkind = \"doi\"\nname = \"x\"\npatterns = [\"A{8}\"]",
        "[[identifier]]\nkind = \"doi\"\nname = \"x\"\npatterns = [\"(U.S.)~{8}\"]",
        "[[identifier]]\nkind = \"doi\"\nname = \"x\"\npatterns = [\"A{9..8}\"]",
    ] {
        assert!(Identifiers::from_toml(text).is_err(), "{text}");
    }
}

fn noise() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        any::<String>(),
        Just("NCT".to_owned()),
        Just("10.1186/".to_owned()),
        Just("IR.TUMS.REC.".to_owned()),
        Just("2016-004489-24".to_owned()),
        "[0-9 ./()-]{0,9}",
        "[A-Za-z. /]{0,6}",
    ];
    proptest::collection::vec(pieces, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_number_is_passed_over_for_its_first_letters(text in noise()) {
        let mut patient = SHIPPED.clone();
        let all = patient.by_lead.iter().flatten().map(|spelling| (spelling.scheme, spelling.pattern));
        let all: BTreeSet<(usize, usize)> = all.collect();
        let whatever = |(scheme, pattern)| Spelling { scheme, pattern, third: None };
        let all: Vec<Spelling> = all.into_iter().map(whatever).collect();
        patient.by_lead.fill(all);
        patient.thirds.fill(u64::MAX);
        prop_assert_eq!(patient.find(&text), SHIPPED.find(&text));
    }

    #[test]
    fn found_numbers_stand_in_the_text_in_order_and_read_back(text in noise()) {
        let mut end = 0;
        for found in SHIPPED.find(&text) {
            prop_assert!(found.range.start >= end);
            prop_assert!(text.get(found.range.clone()).is_some());
            end = found.range.end;
            let written = found.identifier.to_string();
            prop_assert_eq!(SHIPPED.normalise(&written), Some(found.identifier));
        }
    }

    #[test]
    fn a_number_is_found_in_noise(before in "[^a-zA-Z0-9.-]{0,20}", after in "[^a-zA-Z0-9]{0,20}", number in 10_000_000_u32..99_999_999) {
        // A digit of another script would be a further digit.
        prop_assume!(!after.starts_with(char::is_numeric));
        let text = format!("{before}NCT{number}{after}");
        let found = SHIPPED.find(&text);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].identifier.normal, &format!("NCT{number}"));
    }
}

use super::*;
use crate::record::Registry;
use proptest::prelude::*;

#[test]
fn details_go_and_the_text_reads_on() {
    for (text, expected) in [
        (
            "Contact us (e-mail: a.b@uni.edu) for more.",
            "Contact us for more.",
        ),
        (
            "Requests should be directed to david.lee@example.org.",
            "Requests should be directed.",
        ),
        (
            "Nationwide, please email: covid@umn.edu",
            "Nationwide, please",
        ),
        (
            "write to x_y@gmail.com or z@yahoo.com; thanks",
            "write; thanks",
        ),
        (
            "Electronic address: hans.f@uib.no. A comparison",
            "A comparison",
        ),
        ("ali [at] example (dot) org is mine", "is mine"),
        ("mail ali@gmail now", "now"),
        (
            "posted at UPCI @ UPMC, 32 Gy @ 1.8 Gy",
            "posted at UPCI @ UPMC, 32 Gy @ 1.8 Gy",
        ),
        ("Dr Smith +98 21 2665 7438, Tehran", "Dr Smith, Tehran"),
        ("reach (021) 2665-7438 now", "reach now"),
        ("Tel: 00\nCity", "City"),
        ("Phone: +1 555 0100 ext. 12; Fax: 12345", ""),
        (
            "R.N. at (301) 496-8959 or Dr. Little at (800) 772-5464.",
            "R.N. or Dr. Little.",
        ),
        ("call 1-888-849-6482. Sites", "Sites"),
        (
            "trial, contact 1-877-CTLILLY (1-877-285-4559, 1-317-615-4559) Mon - Fri",
            "trial, contact Mon - Fri",
        ),
        (
            "Dr. Demetri at 617-632-3985 to review",
            "Dr. Demetri to review",
        ),
        ("alias `all@example.org` for all", "alias for all"),
        ("Squibb (1-800-662-7999). If", "Squibb. If"),
        (
            "sites, 1-877-CTLILLY (1-877-285-4559) or 1-317-615-4559 Mon - Fri",
            "sites or Mon - Fri",
        ),
        ("تلفن: ۰۲۱-۲۶۶۵۷۴۳۸ تهران", "تهران"),
        ("0098 21 26657438 and 09123456789.", ""),
        ("P.O. Box 19395-4763, Tehran", "Tehran"),
        ("Postal code: 1983969411\nTehran", "Tehran"),
        ("Tehran, Zip Code 14155", "Tehran"),
        ("Bethesda, MD 20892-1234, USA", "Bethesda, MD, USA"),
        (
            "Centre, No 4, Maryam Alley, South Kamraniyeh Street, Tehran",
            "Centre, Tehran",
        ),
        ("Kaiser Center,27300 Iris Avenue", "Kaiser Center"),
        (
            "Oakland Medical Center, 250 Hospital Parkway, Suite 850",
            "Oakland Medical Center",
        ),
        ("Mayo, 420 Delaware St. SE, Box 486", "Mayo"),
        (
            "Sloan-Kettering Cancer Center 1275 York Avenue",
            "Sloan-Kettering Cancer Center",
        ),
        ("Unit704, No 372, Felestin Ave.", "Unit704"),
        (
            "No. 2, Hafez St., Banihashem St., Resalat Ave, Tehran",
            "Tehran",
        ),
        ("2, Jinadu Olusi Street\nLagos", "Lagos"),
        ("Postal code\n\n1937957511\n\nTehran", "Tehran"),
        ("amir@gmail.c0m; 0761-270-50010", ""),
        ("Klinik, Gudrunstr. 56, D-44791 Bochum", "Klinik, Bochum"),
        ("Klinik, Königstraße 12, D-10115 Berlin", "Klinik, Berlin"),
        ("Klinik, Hauptstrasse 5, 8000 Zürich", "Klinik, Zürich"),
        ("Klinik, Münchnerstr. 5, Wien", "Klinik, Wien"),
        ("Klinik, Gießstr. 5, Wien", "Klinik, Wien"),
        ("1 Jianshe Road East, Zhengzhou", "Zhengzhou"),
        (
            "(Dr. Demetri, MD 617/632-3985) first",
            "(Dr. Demetri, MD) first",
        ),
        ("Address: 12 Hill Lane, Leeds. The trial", "The trial"),
        ("- Tel: +98 21 2665 7438\n- age over 18", "- age over 18"),
    ] {
        assert_eq!(scrub(text), expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_detail_stays() {
    for text in [
        "2-4 mg, 120/80 mmHg, 0.5-1.5 ml/kg, 100-200-300 mg",
        "NCT06360861, IRCT20200127046282N19, 2016-004489-24, U1111-1282-5699",
        "JAMA. 2020 Apr 7;323(13):1239-1242. doi: 10.1001/jama.2020.2648. PMID: 32091533",
        "10.1234/555-123-4567 and https://example.org/555-234-4567",
        "ISBN 978-3-16-148410-0, grant R01-HL-555-234-4567, P30 CA 16672",
        "from 2019-07-23 to 23/07/2020, 01/02/2020-03/04/2021",
        "followed by telephone, 1, 4, 8, 12 16, 20 and 24 months",
        "by telephone (5-10 minutes) for two years",
        "10000000 cells, 1 000 000 000 copies, 5 x 10+8, CD34+38-",
        "AIDS Group 388/733/5060, pp 619-627. 1987, #0097--2016-11-03",
        "Tc-99m, 99mTc, 5-FU 425 mg/m2, AUC 0-24",
        "street drugs, road traffic accidents, Wall Street, 2 Hospital St Louis",
        "the study aims to address: efficacy at 12 weeks",
        "contact 24 hours a day; call 2 weeks later; cell: 12345678",
        "COVID-19@Spain, @@@ (Summation), 3 pm @ 1.8 Gy",
        "CAS 64-17-5; ISSN 1234-5678; EORTC-22033-26033",
        "Web address: https://www.example.org/trial/12",
        "0-10 scale (0 10 20 30), 00:00-24:00",
        "grants HL 12345, CA 16086",
    ] {
        assert_eq!(scrub(text), text);
    }
}

#[test]
fn every_text_of_a_record_is_clean() {
    let mail = || Some("ask someone@example.org".to_owned());
    let mut trial = Trial::new(Registry::Ctgov, "NCT06360861");
    trial.public_title = mail();
    trial.secondary_ids = vec!["a@example.org".to_owned(), "555-234-4567".to_owned()];
    trial.primary_outcomes = vec![Outcome {
        method: mail(),
        ..Outcome::default()
    }];
    trial.links = vec![Link {
        url: "mailto:a@example.org".to_owned(),
        label: None,
    }];
    let mut record = Record::Trial(Box::new(trial));
    scrub_record(&mut record);
    let json = serde_json::to_string(&record).unwrap();
    assert!(!json.contains('@'), "{json}");
    assert!(json.contains("555-234-4567"));
}

proptest! {
    #[test]
    fn scrubbing_never_fails_and_leaves_no_address(text in "[a-c@. (),;:+0-9\n-]{0,60}", more in any::<String>()) {
        let once = scrub(&text).into_owned();
        let _ = scrub(&more);
        prop_assert!(once.len() <= text.len());
    }

    #[test]
    fn an_address_goes_whatever_stands_around(before in "[a-z ]{0,9}[ (:]", after in "[ ,;)\n][a-z ]{0,9}") {
        let text = format!("{before}some.one@example.org{after}");
        prop_assert!(!scrub(&text).contains('@'));
    }
}

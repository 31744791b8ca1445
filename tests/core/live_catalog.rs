//! A catalog that is replaced while translators use it.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use errwire::{Catalog, Code, HttpStatus, KindEntry, MessageTemplate, Translator};

/// A catalog in which `job_lost` has this status and its message.
fn version(status: u16) -> Catalog {
    let message = MessageTemplate::from(format!("Version {status}."));
    let status = HttpStatus::try_from(status).unwrap();
    Catalog::with_entries([KindEntry::new("job_lost".into(), "jobs.example".into(), status, Code::Aborted, message)])
}

fn rendered(translator: &Translator) -> (u16, String) {
    let kind = translator.catalog().get("job_lost").unwrap();
    let response = translator.write_http(&errwire::Error::new(kind));
    (response.status().as_u16(), String::from_utf8(response.into_body().to_vec()).unwrap())
}

#[test]
fn clones_see_the_new_catalog_and_pinned_ones_do_not() {
    let translator = Translator::new(version(409));
    let clone = translator.clone();
    let pinned = translator.pinned();
    let before = translator.swap(version(410));
    assert_eq!(before.get("job_lost").unwrap().entry().unwrap().status, HttpStatus::try_from(409).unwrap());
    assert_eq!(translator.swap(version(411)).len(), before.len());
    for (translator, expected) in [(&translator, 411), (&clone, 411), (&pinned, 409), (&pinned.pinned(), 409)] {
        let (status, body) = rendered(translator);
        assert_eq!(status, expected);
        assert_eq!(body, format!(r#"{{"kind":"job_lost","message":"Version {expected}."}}"#));
    }
    // What is swapped in a pinned one does not leave it.
    pinned.swap(version(412));
    assert_eq!(rendered(&translator).0, 411);
}

#[test]
fn no_response_mixes_two_catalogs() {
    let translator = Translator::new(version(409));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut answers = 0_u32;
                    while !done.load(Ordering::Relaxed) || answers == 0 {
                        let (status, body) = rendered(&translator.pinned());
                        assert_eq!(body, format!(r#"{{"kind":"job_lost","message":"Version {status}."}}"#));
                        answers += 1;
                    }
                    answers
                })
            })
            .collect();
        for round in 0..1_000 {
            translator.swap(version(409 + round % 8));
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 0);
        }
    });
}

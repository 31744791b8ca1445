//! Names and texts that are hard for a code generator, under every lint that a careful crate has, in modules that use none,
//! some or all of what is generated. It compiles, so all is well.

/// Nothing of it is used.
mod unused {
    errwire::include_errors!("errors");
}

/// A program's own names next to the generated ones.
mod joined {
    use errwire::{Catalog, Error};

    errwire::include_errors!("joined");

    pub(crate) fn own() -> (Error, Catalog) {
        (a_b(), catalog())
    }
}

/// With the built-in kinds in the enum.
mod whole {
    errwire::include_errors!("whole");
}

fn main() {
    let (error, catalog) = joined::own();
    println!("{error}: {} kinds", catalog.own().len());
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        io::Write,
        process::{Command, Stdio},
    };

    use errwire::Catalog;

    use super::{joined, unused, whole};

    #[test]
    fn rustfmt_leaves_it_as_it_is() {
        for text in [
            include_str!(concat!(env!("OUT_DIR"), "/errors.rs")),
            include_str!(concat!(env!("OUT_DIR"), "/joined.rs")),
            include_str!(concat!(env!("OUT_DIR"), "/whole.rs")),
        ] {
            // From the root, where no `rustfmt.toml` is.
            let mut rustfmt = Command::new("rustfmt");
            rustfmt
                .args(["--check", "--edition", "2024"])
                .current_dir("/")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped());
            let mut rustfmt = rustfmt.spawn().expect("rustfmt is installed");
            rustfmt.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("rustfmt reads all");
            let ended = rustfmt.wait_with_output().expect("rustfmt ends");
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
        }
    }

    #[test]
    fn every_kind_has_a_variant_of_its_own() {
        let catalog = unused::catalog();
        let variants: HashSet<_> = catalog.own().map(unused::Kind::from).collect();
        assert_eq!(variants.len(), catalog.own().len());
        assert!(!variants.iter().any(|variant| matches!(variant, unused::Kind::Other(_))));
        assert!(variants.iter().all(|variant| unused::Kind::from(&variant.kind()) == *variant));
    }

    #[test]
    fn every_built_in_kind_has_one_too() {
        let variants: HashSet<_> = Catalog::builtin().iter().map(whole::Kind::from).collect();
        assert_eq!(variants.len(), Catalog::builtin().len());
        assert!(!variants.iter().any(|variant| matches!(variant, whole::Kind::Other(_))));
        assert_eq!(whole::Kind::from(&errwire::kinds::RATE_LIMITED), whole::Kind::RateLimited);
        assert!(variants.iter().all(|variant| whole::Kind::from(&variant.kind()) == *variant));
    }

    #[test]
    fn hard_names_fill_their_placeholders() {
        let rows = [
            (unused::r#type(1), "Use 1."),
            (unused::self_("x"), "Use x."),
            (unused::catalog_('y'), "Use y."),
            (unused::ends_in_underscores(1, 2, 3, 4, 5), "1 2 3 4 5."),
            (unused::errwire("a", "b"), "Use a and b."),
            (joined::worker_lost("w"), "Worker w was lost. Try again."),
        ];
        for (error, message) in rows {
            assert_eq!(error.message(), message);
        }
    }

    #[test]
    fn texts_come_through() {
        #[allow(deprecated)]
        let evil = unused::evil("T", "S");
        assert_eq!(evil.message(), "Say \"x\" \\ */ `a` [b] <c> \n # no\t\u{200b} T S {{}}.");
        let entry = evil.kind().entry().expect("a constant has its entry");
        assert_eq!(entry.description, "1. *a* [b](c) <d> https://x.y `z` | */ \\ &amp; ![i](j)");
        assert_eq!(entry.retry, errwire::Retry::AfterDelay(std::time::Duration::from_millis(1500)));
        assert_eq!(entry.localized[0].1.as_str(), "{type} {self} größe\n");
        assert_eq!(entry.deprecated.as_ref().map(|deprecated| &*deprecated.since), Some("`2026`"));
    }
}

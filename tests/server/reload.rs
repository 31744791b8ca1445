//! A server whose catalog files change while it serves.

use std::{fs, path::PathBuf, time::Duration};

use crate::support::catalogs::{Folder, HANG, said, says, yaml};
use errwire::{
    Policy,
    catalog::Loader,
    server::{CatalogFiles, CatalogStatus, CatalogWatch, Reload},
};
use tokio::{task::JoinHandle, time};

const BUILTIN: usize = 48;

/// A follower at work. Its translator stands for the server's.
struct Following {
    translator: errwire::Translator,
    watch: CatalogWatch,
    reload: Reload,
    task: JoinHandle<std::convert::Infallible>,
}

impl Following {
    fn start(files: CatalogFiles) -> Self {
        let follower = files.open(Policy::default()).unwrap();
        let (translator, watch, reload) = (follower.translator().clone(), follower.watch(), follower.reload());
        Self { translator, watch, reload, task: tokio::spawn(follower.run()) }
    }

    async fn until(&self, is_wanted: impl Fn(&CatalogStatus) -> bool) -> CatalogStatus {
        let wanted = async {
            loop {
                let status = self.watch.status();
                if is_wanted(&status) {
                    return status;
                }
                time::sleep(Duration::from_millis(2)).await;
            }
        };
        time::timeout(HANG, wanted).await.unwrap_or_else(|_| panic!("stays at {:?}", self.watch.status()))
    }

    async fn until_served(&self, number: u32) -> CatalogStatus {
        let status = self.until(|_| says(&self.translator.catalog()) == Some(said(number))).await;
        // The status is told right after the catalog is there.
        self.until(|status| status.version == self.translator.catalog().version()).await;
        status
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn files(paths: impl IntoIterator<Item = PathBuf>) -> CatalogFiles {
    CatalogFiles::new(Loader::new().with_max_bytes(100_000), paths).with_interval(Some(Duration::from_millis(10)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_replaced_by_renaming() {
    let folder = Folder::new("renaming");
    folder.write("c.yaml", yaml(1));
    let following = Following::start(files([folder.path("c.yaml")]));
    let status = following.watch.status();
    assert_eq!((status.generation, status.successes, status.failures), (1, 1, 0));
    assert!(status.last_reload_successful && status.last_success.is_some() && !status.is_restored);
    assert_eq!(status.kinds, BUILTIN + 1);

    folder.rename_over("c.yaml", yaml(2));
    following.until_served(2).await;
    let status = following.watch.status();
    assert_eq!((status.generation, status.successes, status.failures), (2, 2, 0));
}

/// As the kubelet updates a volume of a ConfigMap: `c.yaml` links to `..data/c.yaml`, and `..data` to a folder with a
/// date for its name, and only the link `..data` is replaced.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_config_map_is_swapped() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new("config-map");
    let place = |number: u32| {
        let name = format!("..2026_01_0{number}");
        fs::create_dir(folder.path(&name)).unwrap();
        folder.write(&format!("{name}/c.yaml"), yaml(number));
        symlink(&name, folder.path("..data_tmp")).unwrap();
        fs::rename(folder.path("..data_tmp"), folder.path("..data")).unwrap();
    };
    place(1);
    symlink("..data/c.yaml", folder.path("c.yaml")).unwrap();
    let following = Following::start(files([folder.path("c.yaml")]));
    for number in 2..=4 {
        place(number);
        fs::remove_dir_all(folder.path(&format!("..2026_01_0{}", number - 1))).unwrap();
        following.until_served(number).await;
    }
    assert_eq!(following.watch.status().failures, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_catalog_is_counted_once_and_changes_nothing() {
    let folder = Folder::new("bad");
    folder.write("c.yaml", yaml(1));
    let following = Following::start(files([folder.path("c.yaml")]));
    let half = yaml(2);
    let bad: [(&str, Box<dyn Fn()>); 6] = [
        ("half written", Box::new(|| folder.write("c.yaml", &half[..half.len() / 2]))),
        ("no status of an error", Box::new(|| folder.write("c.yaml", yaml(2).replace("status: 4", "status: 2")))),
        ("not UTF-8", Box::new(|| folder.rename_over("c.yaml", b"domain: \xff"))),
        ("too large", Box::new(|| folder.write("c.yaml", yaml(2) + &"#".repeat(100_000)))),
        ("deleted", Box::new(|| fs::remove_file(folder.path("c.yaml")).unwrap())),
        ("a folder", Box::new(|| fs::create_dir(folder.path("c.yaml")).unwrap())),
    ];
    for (failures, (name, harm)) in (1..).zip(&bad) {
        harm();
        let status = following.until(|status| status.failures >= failures).await;
        assert_eq!((status.failures, status.successes, status.generation), (failures, 1, 1), "{name}");
        assert!(!status.last_reload_successful, "{name}");
        assert_eq!(says(&following.translator.catalog()), Some(said(1)), "{name}");
    }
    fs::remove_dir(folder.path("c.yaml")).unwrap();
    folder.write("c.yaml", yaml(2));
    following.until_served(2).await;
    // Between the folder and the file there may have been a look at neither.
    let status = following.watch.status();
    assert!(status.last_reload_successful && (6..=7).contains(&status.failures), "{status:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_files_are_one_catalog() {
    let folder = Folder::new("several");
    folder.write("a.yaml", yaml(1));
    folder.write("b.yaml", "domain: other.example\nkinds: { other: { status: 400, code: ABORTED, message: Fix it. } }");
    let following = Following::start(files([folder.path("a.yaml"), folder.path("b.yaml")]));
    folder.rename_over("b.yaml", yaml(2));
    following.until(|status| status.failures == 1).await;
    assert!(following.translator.catalog().get("other").is_some(), "the kind is in both files now");
    folder.rename_over("a.yaml", "domain: jobs.example\nkinds: {}\n");
    following.until_served(2).await;
    assert!(following.translator.catalog().get("other").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_interval_a_request_is_needed() {
    let folder = Folder::new("request");
    folder.write("c.yaml", yaml(1));
    let following = Following::start(files([folder.path("c.yaml")]).with_interval(None));
    folder.rename_over("c.yaml", yaml(2));
    following.reload.request();
    following.until_served(2).await;
    // The same again is a reading, and no generation.
    following.reload.request();
    let status = following.until(|status| status.successes == 3).await;
    assert_eq!((status.generation, status.failures), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_good_catalog_outlives_its_file() {
    let folder = Folder::new("state");
    folder.write("c.yaml", yaml(1));
    let with_state = || files([folder.path("c.yaml")]).with_state_dir(folder.path("state"));
    let kept = || fs::read(folder.path("state/last-good.catalog")).unwrap_or_default();
    let until_kept = async |before: Vec<u8>| {
        let kept = async {
            while kept() == before {
                time::sleep(Duration::from_millis(2)).await;
            }
        };
        time::timeout(HANG, kept).await.expect("nothing is kept");
    };
    {
        let following = Following::start(with_state());
        until_kept(Vec::new()).await;
        let first = kept();
        folder.rename_over("c.yaml", yaml(2));
        until_kept(first).await;
        following.until_served(2).await;
    }
    folder.rename_over("c.yaml", "domain: [");
    assert!(files([folder.path("c.yaml")]).open(Policy::default()).is_err(), "without the folder it does not start");

    let second = kept();
    let restored = Following::start(with_state());
    let status = restored.watch.status();
    assert_eq!(says(&restored.translator.catalog()), Some(said(2)));
    assert_eq!((status.is_restored, status.last_reload_successful, status.last_success), (true, false, None));
    folder.rename_over("c.yaml", yaml(3));
    restored.until_served(3).await;
    assert!(!restored.watch.status().is_restored);
    until_kept(second).await;
    drop(restored);

    // A damaged file is told by its checksum.
    folder.rename_over("c.yaml", "domain: [");
    let mut damaged = kept();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    folder.write("state/last-good.catalog", damaged);
    assert!(with_state().open(Policy::default()).is_err());
    let names: Vec<_> = fs::read_dir(folder.path("state")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["last-good.catalog"], "nothing is left lying about");
}

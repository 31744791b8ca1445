//! The one table of settings. Fields, flags, variables, keys of the file and the documentation all come from it.

use std::{
    fmt::{self, Write as _},
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use super::{
    AdminListen, Listen, LogFormat, Origin, PagesUrl, Size, SocketMode,
    setting::{Group, Problem, RawValue, Setting, strongest},
    value::Value,
};

macro_rules! settings {
    ($($group:ident { $($(#[doc = $help:literal])+ $name:ident: $type:ty = $default:expr,)+ })+) => {
        /// What a server is set to. `Default` has the defaults of `errwire serve`.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct Config {
            $($($(#[doc = $help])+ pub $name: $type,)+)+
        }

        impl Default for Config {
            fn default() -> Self {
                Self { $($($name: $default,)+)+ }
            }
        }

        impl Config {
            /// The table, in the order of the documentation.
            pub const SETTINGS: &[Setting] = &[$($(Setting {
                name: stringify!($name),
                group: Group::$group,
                help: concat!($($help,)+),
                value: <$type as Value>::NAME,
                list: <$type as Value>::LIST,
                switch: <$type as Value>::SWITCH,
                default: || Value::texts(&Config::default().$name),
            },)+)+];

            /// The strongest value of each setting. What cannot be read is reported, and stays at its default.
            pub(super) fn read(given: &[RawValue], found: &mut Vec<(u8, Problem)>) -> Self {
                let defaults = Self::default();
                Self { $($($name: strongest(stringify!($name), given, found).unwrap_or(defaults.$name),)+)+ }
            }

            /// The values as a file would write them.
            pub(super) fn texts(&self) -> Vec<(&'static Setting, Vec<String>)> {
                let texts = [$($(Value::texts(&self.$name),)+)+];
                Self::SETTINGS.iter().zip(texts).collect()
            }
        }
    };
}

impl Setting {
    /// The setting of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Config::SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// The names of all settings.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Config::SETTINGS.iter().map(|setting| setting.name)
    }
}

settings! {
    Listen {
        /// Where the RPCs are served: `HOST:PORT`, where port 0 takes a free one, or `unix:/path` for a Unix socket.
        listen: Listen = Listen::Tcp("127.0.0.1:50051".to_owned()),
        /// The permissions of the Unix socket, in octal.
        socket_mode: SocketMode = SocketMode::OWNER,
        /// Serve without TLS on addresses that are not loopback.
        allow_plaintext: bool = false,
        /// Where liveness, readiness, metrics and pages are served: `HOST:PORT`, `off`, or `auto`, which is port 50052 of
        /// 127.0.0.1, and a free one if that is taken.
        admin_listen: AdminListen = AdminListen::Auto,
    }
    Web {
        /// Origins whose pages may call from a browser, such as `https://console.example.com`; `*` stands for any.
        cors_origins: Vec<Origin> = Vec::new(),
    }
    Tls {
        /// The certificate chain of the server, in PEM. Turns TLS on.
        tls_certificate: Option<PathBuf> = None,
        /// The private key of the certificate, in PEM: PKCS #8, PKCS #1 or SEC 1.
        tls_key: Option<PathBuf> = None,
        /// Certificate authorities, in PEM. Every client must present a certificate of one of them. Turns mutual TLS on.
        tls_client_ca: Option<PathBuf> = None,
        /// How often the three files are checked for a change; with `off` only on SIGHUP.
        tls_reload_interval: Option<Duration> = Some(Duration::from_secs(5)),
    }
    Catalog {
        /// Files of kinds that extend the built-in ones: YAML, `.proto`, or a descriptor set (`.binpb`).
        catalog: Vec<PathBuf> = Vec::new(),
        /// Folders to look for what `.proto` files import, next to their own.
        proto_path: Vec<PathBuf> = Vec::new(),
        /// The domain of the built-in kinds, and of kinds that no catalog has.
        domain: String = "errwire.dev".to_owned(),
        /// How often the files are checked for a change; with `off` only on SIGHUP.
        catalog_reload_interval: Option<Duration> = Some(Duration::from_secs(5)),
        /// The most bytes of one file, and of all that it imports.
        max_catalog_bytes: Size = Size::mib(64),
        /// A folder that keeps the last good catalog, to start with if the files are bad.
        state_dir: Option<PathBuf> = None,
        /// The public address of the pages of the admin listener, such as `https://errors.example.com`. The `help_url` of a
        /// kind without one is then its page there.
        pages_url: Option<PagesUrl> = None,
    }
    Limits {
        /// The most bytes of one message of a caller.
        max_message_bytes: Size = Size::mib(4),
        /// The most bytes that requests, and responses that wait for their callers, hold at once on all connections, not
        /// counting the first 64 KiB of each call. A call above it fails with `service_unavailable`.
        max_buffered_bytes: Size = Size::mib(256),
        /// The most bytes of the header fields of one request, counted as HTTP/2 does.
        max_header_list_bytes: Size = Size::kib(16),
        /// The most calls at once on one connection.
        max_concurrent_streams: NonZeroU32 = at_least_one(100),
        /// The most connections at once. One above it is closed at once.
        max_connections: NonZeroUsize = many(10_000),
        /// The most unary calls at once on all connections. One above it fails with `service_unavailable`.
        max_concurrent_requests: NonZeroUsize = many(4096),
        /// The most streams at once on all connections: subscriptions, and bulk translations. They do not count for
        /// `max_concurrent_requests`. One above it fails with `service_unavailable`.
        max_open_streams: NonZeroUsize = many(4096),
        /// The most items that one connection may translate in a second in streams. One above it fails as `rate_limited`.
        max_stream_items_per_second: NonZeroU32 = at_least_one(500_000),
        /// How long a call may take until its response begins, including its request. After that it fails with
        /// DEADLINE_EXCEEDED.
        request_timeout: Option<Duration> = Some(Duration::from_secs(30)),
        /// How long a new connection may take for the TLS handshake and the first bytes of HTTP.
        handshake_timeout: Option<Duration> = Some(Duration::from_secs(10)),
        /// How long a caller may read nothing of a response that waits for it.
        write_timeout: Option<Duration> = Some(Duration::from_secs(30)),
        /// How long a connection may be without a call.
        idle_timeout: Option<Duration> = Some(Duration::from_secs(15 * 60)),
        /// How old a connection may become, give or take a tenth. Then it gets a GOAWAY, and its client opens a new one.
        max_connection_age: Option<Duration> = Some(Duration::from_secs(30 * 60)),
        /// How long the calls of a connection that is too old, or idle, may continue.
        max_connection_age_grace: Duration = Duration::from_secs(60),
        /// How long a connection may be silent until the server sends an HTTP/2 PING.
        keepalive_interval: Option<Duration> = Some(Duration::from_secs(30)),
        /// How long the acknowledgement of a PING may take.
        keepalive_timeout: Duration = Duration::from_secs(10),
    }
    Lifecycle {
        /// How long a stopping server accepts new connections while it reports that it is not ready, so that load balancers
        /// notice. In Kubernetes 5s is usual.
        pre_drain: Duration = Duration::ZERO,
        /// How long calls in flight may continue once the server accepts no more.
        drain_timeout: Duration = Duration::from_secs(25),
    }
    Log {
        /// How the lines on standard error are written: `json`, or `text` for people.
        log_format: LogFormat = LogFormat::Json,
    }
}

/// Saturates at one, which the literals above never need.
const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

const fn many(number: usize) -> NonZeroUsize {
    match NonZeroUsize::new(number) {
        Some(number) => number,
        None => NonZeroUsize::MIN,
    }
}

impl Setting {
    /// The help on one line.
    pub fn summary(&self) -> &'static str {
        self.help.trim()
    }
}

impl Config {
    /// The table of all settings in Markdown, under a heading for each group.
    pub fn documentation() -> String {
        let mut page = String::new();
        for &group in Group::ALL {
            // A `String` takes everything.
            let _ = write_group(&mut page, group);
        }
        page
    }
}

fn write_group(page: &mut String, group: Group) -> fmt::Result {
    writeln!(page, "### {}\n\n| key | value | default | meaning |\n|---|---|---|---|", group.name())?;
    for setting in Config::SETTINGS.iter().filter(|setting| setting.group == group) {
        let Setting { name, value, .. } = setting;
        let value = value.replace('|', "\\|");
        let default = match setting.default_text() {
            text if text.is_empty() => String::new(),
            text => format!("`{text}`"),
        };
        let list = if setting.list { ", a list" } else { "" };
        writeln!(page, "| `{name}` | {value}{list} | {default} | {} |", setting.summary())?;
    }
    writeln!(page)
}

#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(status = 503, code = UNAVAILABLE, message = "M.", retry = after_delay, retry_delay = "soon")]
    GoneAway,
}

fn main() {}

#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(transparent)]
    GoneAway,
}

fn main() {}

//! What the rounds of many processes come to.

/// The rounds of one row.
struct Row {
    layer: String,
    name: String,
    /// Calls a second without the layer and with it, of each round.
    speeds: (Vec<f64>, Vec<f64>),
    /// The median ratio of each process.
    ratios: Vec<f64>,
}

/// In the order in which the first process had them.
#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

impl Table {
    /// Adds what one process printed.
    pub(crate) fn add(&mut self, printed: &str) {
        let mut ratios: Vec<(usize, f64)> = Vec::new();
        for line in printed.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            let [layer, name, calls, without, with] = fields[..] else { panic!("not a round: {line}") };
            let [calls, without, with] = [calls, without, with].map(|text| text.parse::<f64>().expect("a number"));
            let row = self.row(layer, name);
            self.0[row].speeds.0.push(calls / without);
            self.0[row].speeds.1.push(calls / with);
            ratios.push((row, without / with));
        }
        for (index, row) in self.0.iter_mut().enumerate() {
            let mut own: Vec<_> = ratios.iter().filter(|(row, _)| *row == index).map(|(_, ratio)| *ratio).collect();
            row.ratios.push(median(&mut own));
        }
    }

    fn row(&mut self, layer: &str, name: &str) -> usize {
        self.0.iter().position(|row| row.layer == layer && row.name == name).unwrap_or_else(|| {
            let (layer, name) = (layer.to_owned(), name.to_owned());
            self.0.push(Row { layer, name, speeds: Default::default(), ratios: Vec::new() });
            self.0.len() - 1
        })
    }

    pub(crate) fn print(self) {
        println!("| layer | calls | without, calls a second | with | ratio | lowest and highest process |");
        println!("|---|---|--:|--:|--:|--:|");
        for Row { layer, name, speeds: (mut without, mut with), mut ratios } in self.0 {
            let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
            // What the mean may be off by: its standard error.
            let squares = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum::<f64>();
            let off = (squares / (ratios.len() - 1) as f64 / ratios.len() as f64).sqrt();
            ratios.sort_by(f64::total_cmp);
            let (without, with) = (median(&mut without), median(&mut with));
            let (lowest, highest) = (ratios[0], ratios[ratios.len() - 1]);
            println!(
                "| {layer} | {name} | {without:.0} | {with:.0} | {mean:.3} ± {off:.3} | {lowest:.3}, {highest:.3} |"
            );
        }
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

"""Sizes in a neural network: what a convolution puts out, and what a layer has to learn."""

from fractions import Fraction
from math import ceil
from random import Random

from bot.domain.exercise.generator import Generator, Number, Question, Result, among
from bot.domain.item import Difficulty, Format

IMAGES = (
    ("A vineyard classifies leaves", "grapevine leaves"),
    ("A customs office classifies scans", "parcels"),
    ("A tile maker classifies surfaces", "tiles"),
    ("An aquarium classifies fish", "fish"),
)
VECTORS = (
    "A call center classifies conversations",
    "A music service classifies songs",
    "A seismic network classifies tremors",
    "A lab classifies blood samples",
)
CONV = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"


def draw_width(rng: Random, place: int) -> Question | None:
    """A first convolution, and how wide its feature maps are."""
    width, filters = rng.choice((64, 96, 100, 112, 128, 160, 200, 224, 256)), rng.choice((16, 24, 32, 64))
    kernel, stride, padding = rng.choice((3, 5, 7, 9)), rng.randrange(2, 5), rng.randrange(1, 4)
    if padding > kernel // 2:
        return None
    span = width - kernel + 2 * padding
    key = Result(
        span // stride + 1,
        f"Because ({width} - {kernel} + 2 x {padding}) / {stride} is {span // stride} when rounded down, and the "
        "position where the kernel starts adds one.",
    )
    mistakes = [
        Result(span // stride, "Because this counts the steps of the kernel and forgets the position it starts from."),
        Result(
            (width - kernel) // stride + 1,
            f"Because this leaves out the padding of {padding}, which widens the image on both sides.",
        ),
        Result(
            (width - kernel + padding) // stride + 1,
            f"Because this adds the padding of {padding} once, though it is there on both sides.",
        ),
        Result(span + 1, f"Because this moves the kernel by one pixel at a time, though the stride is {stride}."),
        Result(
            ceil(Fraction(span, stride)) + 1,
            "Because this rounds up, though a kernel that would stand over the edge is not applied.",
        ),
        Result(
            (width + 2 * padding) // stride + 1,
            f"Because this lets the kernel start in every column, though its {kernel} pixels have to fit in.",
        ),
        Result(
            (width - kernel) // stride,
            "Because this leaves out both the padding and the position where the kernel starts.",
        ),
        Result(
            (width + kernel + 2 * padding) // stride + 1,
            "Because this adds the kernel to the width instead of subtracting it: its positions lie inside the image.",
        ),
        Result(
            width // stride, f"Because {width} / {stride} looks at the stride alone, and kernel and padding count, too."
        ),
    ]
    options = among(rng, place, key, mistakes, lambda value: f"{value:,} pixels")
    if not options:
        return None
    who, _ = rng.choice(IMAGES)
    layer = f"{kernel} x {kernel} pixels, a stride of {stride} and a padding of {padding} on each side"
    stem = (
        f"{who} with a network that takes square images, {width} pixels wide, in three channels. Its first convolution "
        f"has {filters} filters of {layer}; there is no dilation. The team draws the network to size. How many pixels "
        "wide is each feature map?"
    )
    return Question(stem, (layer,), options)


def draw_convolution(rng: Random, place: int) -> Question | None:
    """A convolution between two others, and how many parameters it learns."""
    kernel, ins, outs = rng.choice((3, 5, 7)), rng.choice((3, 8, 16, 24, 32)), rng.choice((12, 16, 24, 32, 48, 64))
    side = rng.choice((14, 28, 32, 56))
    if ins == outs:
        return None
    weights = kernel * kernel * ins * outs
    key = Result(
        weights + outs,
        f"Because each of the {outs} filters has {kernel} x {kernel} x {ins} weights and one bias, wherever it is "
        "applied.",
    )
    mistakes = [
        Result(weights, f"Because this counts the weights alone; each of the {outs} filters has a bias as well."),
        Result(
            kernel * kernel * outs + outs,
            f"Because a filter of {kernel} x {kernel} has weights for every one of the {ins} channels that come in.",
        ),
        Result(weights + ins, f"Because biases belong to the {outs} filters, not to the {ins} channels that come in."),
        Result(weights + 1, "Because this has one bias for the layer, where every filter has its own."),
        Result(
            kernel * ins * outs + outs,
            f"Because this takes the kernel as a row of {kernel}, though it is a square of {kernel} x {kernel}.",
        ),
        Result(
            2 * weights,
            "Because this has a bias for every weight, where a filter has one bias for all of its weights.",
        ),
        Result(
            (weights + outs) * side,
            f"Because filters are shared by all positions, the {side} rows of the image don't multiply them.",
        ),
    ]
    options = among(rng, place, key, mistakes, _parameters)
    if not options:
        return None
    who, _ = rng.choice(IMAGES)
    layer = f"{outs} filters of {kernel} x {kernel} pixels"
    stem = (
        f"{who} with a convolutional network on a small device, where memory is short. One layer takes feature maps of "
        f"{side} x {side} pixels in {ins} channels and has {layer}, each with a bias. The team estimates the size of "
        "the model. How many parameters does this layer learn?"
    )
    return Question(stem, (f"in {ins} channels", layer, "each with a bias"), options)


def draw_dense(rng: Random, place: int) -> Question | None:
    """A network with one hidden layer, and how many parameters it learns."""
    ins, hidden, outs = rng.randrange(20, 200), rng.choice((16, 24, 32, 48, 64, 96)), rng.randrange(3, 13)
    first, second = ins * hidden, hidden * outs
    key = Result(
        first + hidden + second + outs,
        f"Because {ins} x {hidden} + {hidden} x {outs} weights and {hidden} + {outs} biases are learned.",
    )
    mistakes = [
        Result(first + second, f"Because this counts the weights alone; the {hidden + outs} units have a bias each."),
        Result(
            first + hidden,
            f"Because this stops after the hidden layer; the output layer has {hidden} x {outs} weights and its "
            "biases.",
        ),
        Result(
            first + second + hidden,
            f"Because this gives biases to the hidden layer alone; the {outs} output units have theirs, too.",
        ),
        Result(
            ins + hidden + outs,
            "Because this adds up the units, while what is learned are mostly the connections between them.",
        ),
        Result(
            first + second + ins + hidden + outs,
            f"Because this gives biases to the {ins} inputs, too, which are values and no units.",
        ),
        Result(
            ins * (hidden + outs) + hidden + outs,
            "Because this connects the inputs with the output layer as well, which sees the hidden layer alone.",
        ),
        Result(first * outs, f"Because {ins} x {hidden} x {outs} multiplies the layers, where their weights add up."),
    ]
    options = among(rng, place, key, mistakes, _parameters)
    if not options:
        return None
    sizes = f"{ins} inputs, one hidden layer of {hidden} units and {outs} output units"
    stem = (
        f"{rng.choice(VECTORS)} with a small dense network: {sizes}. All layers are fully connected, and every unit "
        "after the inputs has a bias. As data is scarce, the team compares the number of rows with the size of the "
        "model. How many parameters does the network learn?"
    )
    return Question(stem, (sizes, "has a bias"), options)


def _parameters(value: Number) -> str:
    return f"{value:,} parameters"


GENERATORS = (
    Generator(
        id="conv-output-width",
        draw=draw_width,
        format=Format.INTEGRATION,
        difficulty=Difficulty.MEDIUM,
        sources=(CONV,),
    ),
    Generator(
        id="conv-parameters",
        draw=draw_convolution,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.MEDIUM,
        sources=(CONV,),
    ),
    Generator(
        id="dense-parameters",
        draw=draw_dense,
        format=Format.TRADE_OFF,
        difficulty=Difficulty.MEDIUM,
        sources=("https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html",),
    ),
)

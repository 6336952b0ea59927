"""What the readers' pictures are made of."""

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
"""Rows and columns of grey, from 0 to 255."""

Floats = npt.NDArray[np.float32]
"""What is counted with such pictures."""

"""管理: policy documents, programme designations and assessment results."""

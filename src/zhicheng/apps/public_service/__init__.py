"""服务: visits, problems solved, trainings, briefings, consultations, material, fairs, handbooks."""
